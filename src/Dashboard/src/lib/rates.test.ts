import { describe, expect, it } from 'vitest';
import { ratePerSecond, sumSeries } from './rates';

const none = [false, false, false, false];

describe('ratePerSecond', () => {
  it('divides the growth by the time it took', () => {
    expect(ratePerSecond([0, 5000, 7000], [100, 600, 1000], none)).toEqual([null, 100, 200]);
  });

  it('shows a reset as a gap, never as a negative spike', () => {
    expect(ratePerSecond([0, 1000, 2000, 3000], [1000, 1100, 5, 25], none)).toEqual([null, 100, null, 20]);
  });

  it('does not average over a gap or a missing value', () => {
    expect(ratePerSecond([0, 1000, 60_000, 61_000], [0, 10, 500, 510], [false, false, true, false])).toEqual([null, 10, null, 10]);
    expect(ratePerSecond([0, 1000, 2000, 3000], [0, null, 20, 30], none)).toEqual([null, null, null, 10]);
  });

  it('gives zero for a counter that stands still', () => {
    expect(ratePerSecond([0, 1000], [7, 7], none)).toEqual([null, 0]);
  });

  it('survives two samples of one time', () => {
    expect(ratePerSecond([1000, 1000], [1, 2], none)).toEqual([null, null]);
  });
});

describe('sumSeries', () => {
  it('adds what is there', () => {
    expect(sumSeries([[1, null, 3], [10, null, null]])).toEqual([11, null, 3]);
    expect(sumSeries([])).toEqual([]);
  });
});
