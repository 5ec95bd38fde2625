import { describe, expect, it } from 'vitest';
import { isOutdated } from './isOutdated';

const hour = { from: 0, to: 3_600_000 };

describe('isOutdated', () => {
  it('lets a moving range move on', () => {
    expect(isOutdated(hour, hour)).toBe(false);
    expect(isOutdated(hour, { from: 15_000, to: 3_615_000 })).toBe(false);
  });

  it('notices another width and another time', () => {
    expect(isOutdated(hour, { from: 0, to: 1_800_000 })).toBe(true);
    expect(isOutdated(hour, { from: 3_600_000, to: 7_200_000 })).toBe(true);
  });
});
