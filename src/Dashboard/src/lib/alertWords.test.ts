import { describe, expect, it } from 'vitest';
import type { Incident, RuleBody } from '../api/alertTypes';
import { describeBound, describeCondition, describeScope, incidentValue, summarise } from './alertWords';

const rule: RuleBody = {
  name: 'r', kind: 'threshold', scope: { kind: 'all' }, series: 'cpu.percent', condition: 'atOrAbove', threshold: 90, forSeconds: 300, keepFiringForSeconds: 0, severity: 'warning',
  missingData: 'keep', cooldownSeconds: 0, repeatSeconds: 0, enabled: true,
};

describe('describeCondition', () => {
  it('has words for every kind', () => {
    expect(describeCondition(rule)).toBe('cpu.percent at or above 90% for 5 min');
    expect(describeCondition({ ...rule, condition: 'below', threshold: 10.5, forSeconds: 0 })).toBe('cpu.percent below 10.5%');
    expect(describeCondition({ ...rule, kind: 'rate', series: 'net.rx.bytes{nic=eth*}', condition: 'above', threshold: 1024 ** 2, forSeconds: 0 })).toBe('net.rx.bytes{nic=eth*} above 1 MiB/s');
    expect(describeCondition({ ...rule, kind: 'forecast', series: 'disk.used.percent', threshold: 100, withinSeconds: 86_400 })).toBe('disk.used.percent will be at or above 100% within 1 d');
    expect(describeCondition({ ...rule, kind: 'offline', series: null, forSeconds: 30 })).toBe('The host does not report for 30 s');
    expect(describeCondition({ ...rule, kind: 'rebooted', series: null })).toBe('The host has started anew');
    expect(describeCondition({ ...rule, kind: 'classic', series: null, metric: 'memory', condition: 'above', forSeconds: 0 })).toBe('memory above 90%');
    expect(describeCondition({ ...rule, kind: 'noData' })).toBe('No value of cpu.percent for 5 min, though the host reports');
  });
});

describe('describeScope', () => {
  it('says which hosts', () => {
    expect(describeScope({ kind: 'all' })).toBe('All your hosts');
    expect(describeScope({ kind: 'group', name: 'eu' })).toBe('Group eu');
    expect(describeScope({ kind: 'tag', name: 'db' })).toBe('Tag db');
    expect(describeScope({ kind: 'host', hostId: 7 })).toBe('Host 7');
  });
});

describe('an incident in words', () => {
  const of = (part: Partial<Incident['rule']> = {}, series: string | null = 'cpu.percent', value: number | null = 97.25): Pick<Incident, 'rule' | 'series' | 'value'> => ({
    rule: { id: 1, name: 'r', kind: 'threshold', condition: 'atOrAbove', threshold: 90, clearThreshold: null, forSeconds: 300, unit: 'percent', ...part },
    series,
    value,
  });

  it('says what is wrong', () => {
    expect(summarise(of())).toBe('cpu.percent 97.3%, at or above 90% for 5 min');
    expect(summarise(of({}, 'cpu.percent', null))).toBe('cpu.percent at or above 90% for 5 min');
    expect(summarise(of({ kind: 'offline', threshold: 0 }, null, null))).toBe('The host does not report');
    expect(summarise(of({ kind: 'noData' }, 'x.y', null))).toBe('No value of x.y');
    expect(summarise(of({ kind: 'forecast', threshold: 100 }, 'disk.used.percent', 88))).toBe('disk.used.percent 88%, heading at or above 100%');
  });

  it('bounds and values have the unit of the series', () => {
    expect(describeBound(of({ kind: 'rate', unit: 'bytes', threshold: 1024 }).rule)).toBe('at or above 1 KiB/s for 5 min');
    expect(describeBound(of({ kind: 'rebooted' }).rule)).toBe('');
    expect(incidentValue(of(), 100)).toBe('100%');
    expect(incidentValue(of(), 90.46)).toBe('90.5%');
    expect(incidentValue(of({ kind: 'rate', unit: 'bytes' }), 2048)).toBe('2 KiB/s');
    expect(incidentValue(of(), null)).toBe('–');
  });
});
