import { describe, expect, it } from 'vitest';
import type { Rule } from '../../api/alertTypes';
import { draftOf, newRule, quantityText, ruleBody } from './ruleForm';

const named = { ...newRule(), name: ' Busy ' };
const bodyOf = (draft: typeof named) => {
  const read = ruleBody(draft);
  return 'body' in read ? read.body : null;
};
const faultsOf = (draft: typeof named) => {
  const read = ruleBody(draft);
  return 'faults' in read ? read.faults : {};
};

describe('ruleBody', () => {
  it('makes what the server takes', () => {
    expect(bodyOf(named)).toEqual({
      name: 'Busy', kind: 'threshold', scope: { kind: 'all' }, series: 'cpu.percent', condition: 'atOrAbove', threshold: 90, clearThreshold: null, forSeconds: 300, keepFiringForSeconds: 0,
      severity: 'warning', missingData: 'keep', cooldownSeconds: 0, repeatSeconds: 0, withinSeconds: null, enabled: true,
    });
  });

  it('leaves out what the kind has no use for', () => {
    const full = { ...named, clearThreshold: '80', missingData: 'fire' as const };
    expect(bodyOf({ ...full, kind: 'offline' })).toMatchObject({ series: null, threshold: 0, clearThreshold: null, missingData: 'keep', withinSeconds: null, forSeconds: 300 });
    expect(bodyOf({ ...full, kind: 'rebooted' })).toMatchObject({ series: null, threshold: 0, forSeconds: 0, keepFiringForSeconds: 0 });
    expect(bodyOf({ ...full, kind: 'noData' })).toMatchObject({ series: 'cpu.percent', threshold: 0, clearThreshold: null, missingData: 'keep' });
    expect(bodyOf({ ...full, kind: 'forecast' })).toMatchObject({ withinSeconds: 86_400, clearThreshold: 80, missingData: 'fire' });
  });

  it('has one scope at a time', () => {
    const scope = { kind: 'tag' as const, group: 'eu', tag: ' db ', hostId: 4 };
    expect(bodyOf({ ...named, scope })?.scope).toEqual({ kind: 'tag', name: 'db' });
    expect(bodyOf({ ...named, scope: { ...scope, kind: 'host' } })?.scope).toEqual({ kind: 'host', hostId: 4 });
  });

  it('says what is missing, at its field', () => {
    expect(faultsOf({ ...named, name: ' ', series: '', threshold: 'much', clearThreshold: 'less', forTime: { count: 'x', unit: 's' } })).toEqual({
      name: 'Give it a name.', series: 'Choose a series.', threshold: 'Enter a number, such as 90 or 1.5 GiB.', clearThreshold: 'Enter a number, or nothing.', forSeconds: 'Enter a number.',
    });
    expect(faultsOf({ ...named, scope: { kind: 'host', group: '', tag: '', hostId: null } })).toEqual({ scope: 'Choose the host.' });
    expect(faultsOf({ ...named, scope: { kind: 'group', group: ' ', tag: '', hostId: null } })).toEqual({ scope: 'Enter the group.' });
    // What the kind does not ask for cannot be wrong.
    expect(faultsOf({ ...named, kind: 'offline', series: '', threshold: 'much' })).toEqual({});
  });
});

describe('draftOf', () => {
  it.each<Partial<Rule>>([
    {},
    { kind: 'rate', series: 'net.rx.bytes', threshold: 1.5 * 1024 ** 2, clearThreshold: 1024 ** 2, scope: { kind: 'group', name: 'eu' }, severity: 'critical' },
    { kind: 'forecast', series: 'disk.used.percent', threshold: 100, withinSeconds: 7200, repeatSeconds: 3600, cooldownSeconds: 90 },
    { kind: 'offline', series: null, threshold: 0, condition: 'above', forSeconds: 30, scope: { kind: 'host', hostId: 9 } },
    { kind: 'noData', series: 'x.y', threshold: 0, condition: 'above', keepFiringForSeconds: 61, enabled: false },
  ])('is taken back by ruleBody: %o', (part) => {
    const body = { ...bodyOf(named), ...part };
    expect(bodyOf(draftOf({ ...body, id: 5, createdAt: '2026-11-22T10:00:00Z' } as Rule))).toEqual(body);
  });
});

describe('quantityText', () => {
  it('is short only where it is exact', () => {
    expect(quantityText(1.5 * 1024 ** 3, 'bytes')).toBe('1.5 GiB');
    expect(quantityText(1e8, 'bytes')).toBe('100000000');
    expect(quantityText(92.5, 'percent')).toBe('92.5');
  });
});
