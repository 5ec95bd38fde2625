import { describe, expect, it } from 'vitest';
import { formatMoment, timeLabels } from './timeAxis';

const local = (year: number, month: number, day: number, hour = 0, minute = 0) => new Date(year, month, day, hour, minute).getTime() / 1000;
const morning = local(2026, 10, 22, 9, 30);

describe('timeLabels', () => {
  it('shows as much as the distance of the marks needs', () => {
    expect(timeLabels([morning], 300)).toEqual(['09:30']);
    expect(timeLabels([morning + 15], 15)).toEqual(['09:30:15']);
    expect(timeLabels([morning], 86_400)[0]).toMatch(/22/);
    expect(timeLabels([morning], 86_400)[0]).not.toMatch(/30/);
  });

  it('names the day where it begins', () => {
    const [evening, midnight, early] = timeLabels([local(2026, 10, 22, 18), local(2026, 10, 23), local(2026, 10, 23, 6)], 21_600);
    expect(evening).toBe('18:00');
    expect(midnight).toMatch(/23/);
    expect(early).toBe('06:00');
  });
});

describe('formatMoment', () => {
  it('names the day in pictures of many hours, and seconds where a point is one', () => {
    expect(formatMoment(morning, 900, 0)).toBe('09:30:00');
    expect(formatMoment(morning, 3600, 60)).toBe('09:30');
    expect(formatMoment(morning, 86_400, 300)).toMatch(/22/);
    expect(formatMoment(morning, 7 * 86_400, 1800)).toMatch(/09:30/);
  });
});
