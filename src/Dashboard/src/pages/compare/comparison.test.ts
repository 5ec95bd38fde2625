import { describe, expect, it } from 'vitest';
import type { FleetHistory, HistoryGap, HistorySeries } from '../../api/types';
import { compareHosts } from './comparison';

const series = (mean: (number | null)[], more: Partial<HistorySeries> = {}): HistorySeries => ({ name: 'cpu.percent', metric: 'cpu.percent', labels: {}, unit: 'percent', kind: 'gauge', view: 'value', mean, ...more });
const disk = (device: string, mean: (number | null)[]) => series(mean, { name: `disk.read.bytes{device=${device}}`, metric: 'disk.read.bytes', labels: { device }, unit: 'bytes/s' });
const host = (id: number, times: number[], all: HistorySeries[], gaps: HistoryGap[] = []): FleetHistory['hosts'][number] => ({ id, name: `host ${id}`, times, series: all, gaps });
const compare = (...hosts: FleetHistory['hosts']) => compareHosts({ step: 0, hosts });

describe('compareHosts', () => {
  it('lays different times over each other', () => {
    const { seconds, lines } = compare(host(1, [1000, 3000], [series([10, 30])]), host(2, [2000, 3000, 4000], [series([2, null, 4])]));
    expect(seconds).toEqual([1, 2, 3, 4]);
    expect(lines.map(({ values }) => values)).toEqual([[10, undefined, 30, undefined], [undefined, 2, null, 4]]);
    expect(lines.map(({ label, color }) => [label, color])).toEqual([['host 1', '--chart-1'], ['host 2', '--chart-2']]);
  });

  it('does not bridge a gap that others have points in', () => {
    const steady = host(2, [1000, 2000, 3000, 4000, 5000, 6000], [series([1, 2, 3, 4, 5, 6])]);
    expect(compare(host(1, [1000, 3000, 6000], [series([10, null, 60])]), steady).lines[0]?.values).toEqual([10, null, null, null, null, 60]);
    expect(compare(host(1, [1000, 6000], [series([10, 60])]), steady).lines[0]?.values).toEqual([10, undefined, undefined, undefined, undefined, 60]);
  });

  it('has bands as long as they can be told apart', () => {
    const banded = series([5], { min: [1], max: [9] });
    expect(compare(host(1, [1000], [banded]), host(2, [1000], [series([5])])).lines.map(({ band }) => band)).toEqual([{ min: [1], max: [9] }, undefined]);
    expect(compare(host(1, [1000], [banded]), host(2, [1000], [banded]), host(3, [1000], [banded])).lines.some(({ band }) => band)).toBe(false);
  });

  it('keeps a host without the series in its colour', () => {
    const { lines } = compare(host(1, [], []), host(2, [1000], [series([5])]));
    expect(lines.map(({ values, color }) => [values, color])).toEqual([[[undefined], '--chart-1'], [[5], '--chart-2']]);
  });

  it('tells hosts of one name apart', () => {
    const { lines } = compare({ ...host(1, [], []), name: 'web' }, { ...host(2, [], []), name: 'web' }, host(3, [], []));
    expect(lines.map(({ label }) => label)).toEqual(['web (#1)', 'web (#2)', 'host 3']);
  });

  it('adds up what a host has several of', () => {
    const { lines, combined, unit } = compare(host(1, [1000, 2000], [disk('a', [1, null]), disk('b', [2, 3])]), host(2, [1000], [disk('a', [7])]));
    expect(lines[0]?.values).toEqual([3, 3]);
    expect({ combined, unit }).toEqual({ combined: 'sum', unit: 'bytes/s' });
  });

  it('takes the highest of several shares', () => {
    const { lines, combined } = compare(host(1, [1000, 2000], [series([40, null]), series([90, null])]));
    expect(lines[0]?.values).toEqual([90, null]);
    expect(combined).toBe('highest');
  });

  it('marks when the server was away, once for all', () => {
    const away: HistoryGap = { from: 1, to: 2, reason: 'server-away' };
    const { gaps } = compare(host(1, [], [], [away, { from: 5, to: 6, reason: 'host-offline' }]), host(2, [], [], [away]));
    expect(gaps).toEqual([away]);
  });

  it('has nothing to say of nobody', () => expect(compare()).toEqual({ seconds: [], lines: [], gaps: [], unit: '', combined: 'none' }));
});
