import { describe, expect, it } from 'vitest';
import { inSight, watchedFor, wholeList } from './visibleHosts';

describe('inSight', () => {
  const rows = { count: 50_000, columns: 1, pitch: 56 };

  it('is the rows of the view with some more on either side', () => {
    expect(inSight(0, 560, rows, 2)).toEqual({ first: 0, end: 12 });
    expect(inSight(56_000, 560, rows, 2)).toEqual({ first: 998, end: 1012 });
    expect(inSight(-300, 560, rows, 2)).toEqual({ first: 0, end: 7 });
  });

  it('counts whole rows of cards', () => {
    expect(inSight(1000, 500, { count: 4002, columns: 4, pitch: 250 }, 0)).toEqual({ first: 16, end: 24 });
    expect(inSight(1e9, 500, { count: 4002, columns: 4, pitch: 250 }, 0)).toEqual({ first: 4000, end: 4002 });
  });

  it('is nothing of nothing, and the end of a list that has become shorter', () => {
    expect(inSight(0, 500, { count: 0, columns: 4, pitch: 250 })).toEqual({ first: 0, end: 0 });
    expect(inSight(56 * 49_995, 560, rows, 0)).toEqual({ first: 49_995, end: 50_000 });
  });
});

describe('watchedFor', () => {
  it('stays as long as it covers what is drawn', () => {
    const watched = { first: 50, end: 150 };
    expect(watchedFor(watched, { first: 50, end: 80 })).toBe(watched);
    expect(watchedFor(watched, { first: 120, end: 150 })).toBe(watched);
    expect(watchedFor(watched, { first: 121, end: 151 })).not.toBe(watched);
  });

  it('covers what is drawn, from wherever it comes, within what the server gives at once', () => {
    for (const drawn of [0, 1, 13, 99, 2_507, 49_971]) {
      for (const length of [1, 29, 50, 51, 120, 170]) {
        const { first, end } = watchedFor({ first: 300, end: 301 }, { first: drawn, end: drawn + length });
        expect(first).toBeLessThanOrEqual(drawn);
        expect(end).toBeGreaterThanOrEqual(drawn + length);
        expect(first % 25).toBe(0);
        expect([wholeList, 200]).toContain(end - first);
      }
    }
  });
});
