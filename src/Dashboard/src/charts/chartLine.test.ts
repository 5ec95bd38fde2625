import { describe, expect, it } from 'vitest';
import { gapAt, gapReasons, valueNear, type Gap } from './chartLine';

const gaps: Gap[] = [{ from: 100, to: 200, reason: 'host-offline' }, { from: 300, to: 400, reason: 'server-away' }, { from: 500, to: 600, reason: 'host-offline' }];

describe('gaps', () => {
  it('hold their beginning and not their end', () => {
    expect(gapAt(gaps, 99)).toBeNull();
    expect(gapAt(gaps, 100)?.reason).toBe('host-offline');
    expect(gapAt(gaps, 350)?.reason).toBe('server-away');
    expect(gapAt(gaps, 400)).toBeNull();
  });

  it('are explained where they can be seen, each reason once', () => {
    expect(gapReasons(gaps, { from: 0, to: 1000 })).toEqual(['host-offline', 'server-away']);
    expect(gapReasons(gaps, { from: 150, to: 300 })).toEqual(['host-offline']);
    expect(gapReasons(gaps, { from: 200, to: 300 })).toEqual([]);
  });
});

describe('valueNear', () => {
  const seconds = [0, 10, 11, 30, 31];
  const values = [1, undefined, 2, undefined, null];

  it('takes the value of the moment itself', () => {
    expect(valueNear(seconds, values, 0, 5)).toBe(1);
    expect(valueNear(seconds, values, 4, 5)).toBeNull();
  });

  it('takes the nearest one where only another line has a point', () => {
    expect(valueNear(seconds, values, 1, 5)).toBe(2);
    expect(valueNear(seconds, [1, undefined, undefined, undefined, 5], 1, 15)).toBe(1);
  });

  it('does not look further than it may, nor beyond a gap', () => {
    expect(valueNear(seconds, [1, undefined, undefined, undefined, 5], 1, 5)).toBeNull();
    expect(valueNear(seconds, values, 3, 5)).toBeNull();
  });
});
