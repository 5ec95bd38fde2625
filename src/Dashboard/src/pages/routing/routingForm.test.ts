import { describe, expect, it } from 'vitest';
import { describeChannels, describeEscalation, describeMatch, moveRoute, newRoute, routeDraft, routeOf } from './routingForm';

const channels = [{ id: 1, name: 'Ops' }, { id: 2, name: 'Mail' }];

describe('a route in words', () => {
  it('says what it matches', () => {
    expect(describeMatch(newRoute, [])).toBe('All alerts');
    expect(describeMatch({ ...newRoute, severities: ['critical', 'warning'], tags: ['db', 'web'] }, [])).toBe('Critical and Warning alerts on hosts with tag db or web');
    expect(describeMatch({ ...newRoute, rules: [2, 9], groups: ['eu'] }, [{ id: 2, name: 'CPU busy' }])).toBe('All alerts of CPU busy or rule 9 on hosts in group eu');
  });

  it('says who is told', () => {
    expect(describeChannels([], channels)).toBe('nobody');
    expect(describeChannels([1, 2, 7], channels)).toBe('Ops, Mail and channel 7 (gone)');
    expect(describeEscalation({ afterSeconds: 900, channels: [2] }, channels)).toBe('After 15 min without acknowledgement also Mail');
  });
});

describe('routeOf', () => {
  it('takes a route back, its escalations by time', () => {
    const route = { ...newRoute, severities: ['warning' as const, 'critical' as const], channels: [1], escalations: [{ afterSeconds: 3600, channels: [1] }, { afterSeconds: 900, channels: [2] }] };
    expect(routeOf(routeDraft(route))).toEqual({ route: { ...route, severities: ['critical', 'warning'], escalations: [{ afterSeconds: 900, channels: [2] }, { afterSeconds: 3600, channels: [1] }] } });
  });

  it('says which escalation is not complete', () => {
    const after = { count: '5', unit: 'min' as const };
    expect(routeOf({ ...newRoute, escalations: [{ after, channels: [1] }, { after, channels: [] }, { after: { count: '', unit: 'min' }, channels: [1] }] })).toEqual({ faults: [null, 'Choose who is told.', 'Enter after how long.'] });
  });
});

it('moves one route among the others', () => {
  const routes = [1, 2, 3].map((id) => ({ ...newRoute, channels: [id] }));
  expect(moveRoute(routes, 2, 0).map(({ channels: [id] }) => id)).toEqual([3, 1, 2]);
  expect(moveRoute(routes, 0, 1).map(({ channels: [id] }) => id)).toEqual([2, 1, 3]);
});
