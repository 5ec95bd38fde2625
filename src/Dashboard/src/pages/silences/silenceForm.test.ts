import { describe, expect, it } from 'vitest';
import type { SilenceBody } from '../../api/alertTypes';
import { draftFor, draftOf, endAfter, newSilence, silenceBody } from './silenceForm';
import { describeDays, describeRecurrence } from './silenceWords';

const now = Date.parse('2026-11-22T10:00:00Z');
const bodyOf = (draft: ReturnType<typeof newSilence>) => {
  const read = silenceBody(draft);
  return 'body' in read ? read.body : null;
};
const faultsOf = (draft: ReturnType<typeof newSilence>) => {
  const read = silenceBody(draft);
  return 'faults' in read ? Object.keys(read.faults) : [];
};

describe('silenceBody', () => {
  it('is an hour for everything at first, and for one alert from its menu', () => {
    expect(bodyOf(newSilence(now))).toEqual({ comment: '', hosts: [], groups: [], tags: [], rules: [], from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z', recurrence: null });
    const incident = { host: { id: 4, name: 'web' }, rule: { id: 2, name: 'r', kind: 'threshold' as const, condition: 'above' as const, threshold: 1, forSeconds: 0 } };
    expect(bodyOf(draftFor(incident, now))).toMatchObject({ hosts: [4], rules: [2] });
  });

  it('keeps the order of the week, and a window without an end', () => {
    expect(bodyOf({ ...newSilence(now), isRecurring: true, to: '', days: ['sun', 'mon'], timeZone: 'Europe/Berlin' })).toMatchObject({
      to: null,
      recurrence: { days: ['mon', 'sun'], start: '22:00', minutes: 480, timeZone: 'Europe/Berlin' },
    });
  });

  it('says what must be mended', () => {
    const draft = newSilence(now);
    expect(faultsOf({ ...draft, from: '' })).toEqual(['from']);
    expect(faultsOf({ ...draft, to: '' })).toEqual(['to']);
    expect(faultsOf({ ...draft, to: draft.from })).toEqual(['to']);
    expect(faultsOf({ ...draft, isRecurring: true, to: '', start: '', length: { count: '8', unit: 'd' }, timeZone: ' ' })).toEqual(['start', 'length', 'timeZone']);
  });

  it('ends so long after its beginning', () => {
    const draft = newSilence(now);
    expect(bodyOf({ ...draft, to: endAfter(draft, 24, now) })?.to).toBe('2026-11-23T10:00:00.000Z');
    expect(endAfter({ ...draft, from: '' }, 1, now)).toBe(draft.to);
  });

  it('takes a stored silence back', () => {
    const body: SilenceBody = {
      comment: 'x', hosts: [1], groups: ['g'], tags: ['t'], rules: [2], from: '2026-11-01T00:00:00.000Z', to: null,
      recurrence: { days: ['fri'], start: '23:30', minutes: 90, timeZone: 'America/New_York' },
    };
    expect(bodyOf(draftOf({ ...body, id: 1, createdBy: 'anna', active: false, next: null }, now))).toEqual(body);
  });
});

describe('a recurrence in words', () => {
  it('names runs of days by their ends', () => {
    expect(describeDays([])).toBe('Every day');
    expect(describeDays(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).toBe('Every day');
    expect(describeDays(['fri', 'mon', 'tue', 'wed', 'thu'])).toBe('Mon–Fri');
    expect(describeDays(['sat', 'sun'])).toBe('Sat, Sun');
    expect(describeDays(['mon', 'wed', 'thu'])).toBe('Mon, Wed, Thu');
  });

  it('ends at a clock time, also on the next day', () => {
    expect(describeRecurrence({ days: [], start: '22:00:00', minutes: 480, timeZone: 'Europe/Berlin' })).toBe('Every day 22:00–06:00, Europe/Berlin');
    expect(describeRecurrence({ days: ['sat'], start: '00:00', minutes: 2880, timeZone: 'UTC' })).toBe('Sat 00:00 for 2 d, UTC');
  });
});
