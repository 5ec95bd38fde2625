import { describe, expect, it } from 'vitest';
import { incidentSpan, incidentWindow, thresholdsOf } from './incidentChart';

const rule = { id: 1, name: 'r', kind: 'threshold' as const, condition: 'above' as const, threshold: 90, clearThreshold: 80, forSeconds: 300 };
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

describe('the picture of an incident', () => {
  it('begins before it and goes on until now while it is open', () => {
    expect(incidentWindow({ openedAt: '2026-11-22T10:00:00Z', resolvedAt: null, rule }, at('10:05:10'))).toEqual({ from: at('09:40:00'), to: at('10:05:30') });
  });

  it('shows some of what followed, but not the future', () => {
    const over = { openedAt: '2026-11-22T10:00:00Z', resolvedAt: '2026-11-22T10:10:00Z', rule };
    expect(incidentWindow(over, at('12:00:00'))).toEqual({ from: at('09:40:00'), to: at('10:25:00') });
    expect(incidentWindow(over, at('10:12:00')).to).toBe(at('10:12:00'));
  });

  it('shades the time it was open', () => {
    const window = { from: at('09:00:00'), to: at('11:00:00') };
    expect(incidentSpan({ openedAt: '2026-11-22T10:00:00Z', resolvedAt: null }, window)).toEqual({ from: at('10:00:00'), to: at('11:00:00') });
    expect(incidentSpan({ openedAt: '2026-11-22T10:00:00Z', resolvedAt: '2026-11-22T10:10:00Z' }, window).to).toBe(at('10:10:00'));
  });

  it('has the bounds that the rule has', () => {
    expect(thresholdsOf(rule).map(({ value }) => value)).toEqual([90, 80]);
    expect(thresholdsOf({ ...rule, clearThreshold: 90 }).map(({ value }) => value)).toEqual([90]);
    expect(thresholdsOf({ ...rule, kind: 'offline' })).toEqual([]);
  });
});
