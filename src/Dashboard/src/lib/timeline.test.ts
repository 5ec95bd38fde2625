import { describe, expect, it } from 'vitest';
import { alongTimeline, buildTimeline, findGaps } from './timeline';

const every = (step: number, count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * step);
const gapsIn = (times: number[], intervalMs: number | null) => findGaps(times, intervalMs).flatMap((gap, i) => (gap ? [i] : []));

describe('findGaps', () => {
  it('finds none in steady or slightly late samples', () => {
    expect(gapsIn(every(5000, 20), 5000)).toEqual([]);
    expect(gapsIn([0, 5000, 12_000, 15_000, 25_000, 30_000], 5000)).toEqual([]);
    expect(gapsIn([], 5000)).toEqual([]);
    expect(gapsIn([1], null)).toEqual([]);
  });

  it('finds the pause', () => {
    const times = [...every(5000, 10), ...every(5000, 10, 80_000)];
    expect(gapsIn(times, 5000)).toEqual([10]);
    expect(gapsIn(times, null)).toEqual([10]);
  });

  it('takes a change of interval for what it is', () => {
    expect(gapsIn([...every(5000, 20), ...every(1000, 20, 100_000)], 1000)).toEqual([]);
    expect(gapsIn([...every(1000, 20), ...every(5000, 20, 24_000)], 5000)).toEqual([]);
  });
});

describe('timeline', () => {
  it('puts a break into the gap and keeps values beside their times', () => {
    const timeline = buildTimeline([1000, 2000, 12_000], [false, false, true]);
    expect(timeline).toEqual({ seconds: [1, 2, 7, 12], sample: [0, 1, -1, 2] });
    expect(alongTimeline(timeline, [10, null, 30])).toEqual([10, null, null, 30]);
    expect(alongTimeline(timeline, [10])).toEqual([10, null, null, null]);
  });
});
