import { describe, expect, it } from 'vitest';
import type { FleetCounts, FleetPage, HostRow } from '../api/types';
import { applyFleetChange, applyOvertaken, needsNewPage } from './fleetChange';

const counts: FleetCounts = { total: 2, online: 2, late: 0, offline: 0, pending: 0 };
const row = (id: number, change: Partial<HostRow> = {}): HostRow => ({
  id, name: `h${id}`, status: 'online', group: null, tags: [], access: 'owner', lastSeen: '2026-01-01T00:00:10Z', cpuPercent: 1, memoryPercent: null, diskPercent: null,
  rxBytesPerSecond: null, txBytesPerSecond: null, load1: null, uptimeSeconds: null, firing: 0, severity: null, ...change,
});
const page: FleetPage = { counts, matched: 2, rows: [row(1, { cpuSpark: [1, 2, 3] }), row(2)], groups: [], tags: [], serverTime: '2026-01-01T00:00:11Z' };

describe('applyFleetChange', () => {
  it('replaces changed rows, keeps the rest untouched and moves the newest point of the line', () => {
    const next = applyFleetChange(page, { counts: { ...counts, online: 1 }, rows: [row(1, { cpuPercent: 50 })] });
    expect(next.rows[0]).toMatchObject({ cpuPercent: 50, cpuSpark: [1, 2, 50] });
    expect(next.rows[1]).toBe(page.rows[1]);
    expect(next.counts.online).toBe(1);
  });

  it('ignores hosts of another page', () => {
    expect(applyFleetChange(page, { counts, rows: [row(9)] }).rows).toHaveLength(2);
  });
});

describe('applyOvertaken', () => {
  const merged = (change: Partial<HostRow>) => applyOvertaken(page, [{ counts, rows: [row(2, change)] }]).rows[1];

  it('takes a later report and refuses an earlier one', () => {
    expect(merged({ lastSeen: '2026-01-01T00:00:15Z', cpuPercent: 7 })?.cpuPercent).toBe(7);
    expect(merged({ lastSeen: '2026-01-01T00:00:05Z', cpuPercent: 7 })?.cpuPercent).toBe(1);
  });

  it('takes the later status of one silence', () => {
    expect(merged({ status: 'offline' })?.status).toBe('offline');
    expect(merged({ status: 'pending' })?.status).toBe('online');
  });
});

describe('needsNewPage', () => {
  it('asks again for new hosts, and for changed statuses where they decide the order', () => {
    expect(needsNewPage(page, { counts, rows: [row(1, { cpuPercent: 9 })] }, true)).toBe(false);
    expect(needsNewPage(page, { counts: { ...counts, total: 3 }, rows: [] }, false)).toBe(true);
    expect(needsNewPage(page, { counts, rows: [row(5)] }, false)).toBe(true);
    expect(needsNewPage(page, { counts, rows: [row(1, { status: 'late' })] }, true)).toBe(true);
    expect(needsNewPage(page, { counts, rows: [row(1, { status: 'late' })] }, false)).toBe(false);
  });
});
