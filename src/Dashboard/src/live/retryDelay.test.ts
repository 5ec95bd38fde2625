import { describe, expect, it } from 'vitest';
import { retryDelay } from './retryDelay';

describe('retryDelay', () => {
  it('grows to ten seconds and stays there', () => {
    expect([0, 1, 2, 3, 4, 5, 1000].map((attempt) => retryDelay(attempt, 0.5))).toEqual([0, 1000, 2000, 5000, 10_000, 10_000, 10_000]);
  });

  it('scatters by a quarter either way', () => {
    expect(retryDelay(4, 0)).toBe(7500);
    expect(retryDelay(4, 1)).toBe(12_500);
  });
});
