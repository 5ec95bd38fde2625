import { describe, expect, it } from 'vitest';
import { sparklinePaths, thinOut, thinOutOver } from './sparkline';

describe('sparklinePaths', () => {
  it('draws from left to right, larger values higher', () => {
    expect(sparklinePaths([0, 50, 100], 100, 20, 100)).toEqual({ line: 'M0 20L50 10L100 0', area: 'M0 20L0 20L50 10L100 0L100 20Z' });
  });

  it('breaks at missing values and shows a lone one', () => {
    expect(sparklinePaths([0, null, 100, null, 0, 0], 50, 10, 100).line).toBe('M0 10h1M20 0h1M40 10L50 10');
  });

  it('keeps values inside the drawing', () => {
    expect(sparklinePaths([-5, 150], 10, 10, 100).line).toBe('M0 10L10 0');
  });

  it('draws nothing of nothing', () => {
    expect(sparklinePaths([], 10, 10, 100)).toEqual({ line: '', area: '' });
    expect(sparklinePaths([null], 10, 10, 100)).toEqual({ line: '', area: '' });
  });
});

describe('thinOut', () => {
  it('averages and keeps gaps', () => {
    expect(thinOut([1, 3, null, null, 5, 7], 3)).toEqual([2, null, 6]);
    expect(thinOut([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('thinOutOver', () => {
  it('shows a gap as wide as it was long', () => {
    expect(thinOutOver([0, 10, 20, 30, 80, 90], [1, 3, 5, 7, null, 9], { from: 0, to: 100 }, 5, 10)).toEqual([2, 6, null, null, 9]);
  });

  it('makes no gaps where there are only few points', () => {
    expect(thinOutOver([0, 10, 20, 30], [1, 2, 3, 4], { from: 0, to: 40 }, 90, 10)).toEqual([1.5, 3.5]);
    expect(thinOutOver([5], [1], { from: 0, to: 10 }, 90, 60)).toEqual([1]);
  });

  it('leaves out what lies outside', () => expect(thinOutOver([-5, 5, 100], [1, 2, 3], { from: 0, to: 10 }, 1, 10)).toEqual([2]));
});
