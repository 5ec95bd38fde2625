import { describe, expect, it } from 'vitest';
import { alertsPath, defaultAlertsState, formatAlertsState, isNarrowed, parseAlertsState, toIncidentQuery, type AlertsState } from './alertsQuery';

const parse = (text: string) => parseAlertsState(new URLSearchParams(text));

describe('alerts state in the address', () => {
  it('is empty as long as everything is as usual', () => {
    expect(formatAlertsState(defaultAlertsState)).toBe('');
    expect(parse('')).toEqual(defaultAlertsState);
  });

  it.each<AlertsState>([
    { show: 'resolved', severity: 'critical', host: 7, rule: 3, text: 'a & b', after: 'x=1&y' },
    { show: 'all', severity: '', host: null, rule: null, text: ' x', after: '' },
    { show: 'acknowledged', severity: 'info', host: null, rule: 12, text: '', after: '' },
  ])('comes back from its own text: %o', (state) => expect(parse(formatAlertsState(state))).toEqual(state));

  it('ignores what it does not know', () => {
    expect(parse('state=gone&severity=bad&host=-1&rule=x')).toEqual(defaultAlertsState);
    expect(parse('host=1e99&rule=1.5')).toEqual(defaultAlertsState);
    expect(parse(`q=${'x'.repeat(200)}`).text).toHaveLength(100);
  });

  it('links to a part', () => {
    expect(alertsPath({})).toBe('/alerts');
    expect(alertsPath({ show: 'all', host: 4 })).toBe('/alerts?state=all&host=4');
  });
});

describe('toIncidentQuery', () => {
  it('asks for one page and leaves out what is not set', () => {
    expect(toIncidentQuery(defaultAlertsState)).toEqual({ state: ['open'], limit: 50 });
    expect(toIncidentQuery({ show: 'all', severity: 'warning', host: 1, rule: 2, text: ' x ', after: 'c' })).toEqual({ severity: ['warning'], host: 1, rule: 2, q: 'x', after: 'c', limit: 50 });
  });

  it('knows when only a part is shown', () => {
    expect(isNarrowed({ ...defaultAlertsState, show: 'all', text: ' ' })).toBe(false);
    expect(isNarrowed({ ...defaultAlertsState, host: 1 })).toBe(true);
  });
});
