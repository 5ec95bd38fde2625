import { describe, expect, it } from 'vitest';
import type { ChartLine } from './chartLine';
import { withThresholds } from './thresholdLines';

const line: ChartLine = { key: 'a', label: 'A', color: '--chart-1', look: 'line', values: [1, 2], band: { min: [0, 1], max: [2, 3] } };
const bound = { label: 'Threshold', value: 9, color: '--fill-bad' };

describe('withThresholds', () => {
  it('leaves a chart without bounds as it is', () => {
    expect(withThresholds([1, 2], [line], [], { from: 0, to: 9000 })).toEqual({ seconds: [1, 2], lines: [line] });
  });

  it('draws a bound from end to end, and the values only where they are', () => {
    const { seconds, lines } = withThresholds([1, 2], [line], [bound], { from: 0, to: 9000 });
    expect(seconds).toEqual([0, 1, 2, 9]);
    expect(lines[0]?.values).toEqual([undefined, 1, 2, undefined]);
    expect(lines[0]?.band).toEqual({ min: [undefined, 0, 1, undefined], max: [undefined, 2, 3, undefined] });
    expect(lines[1]).toMatchObject({ label: 'Threshold', look: 'dashed', values: [9, 9, 9, 9] });
  });

  it('adds no point where the values reach the end, and both where there are none', () => {
    expect(withThresholds([0, 9], [line], [bound], { from: 0, to: 9000 }).seconds).toEqual([0, 9]);
    expect(withThresholds([], [], [bound], { from: 0, to: 9000 })).toMatchObject({ seconds: [0, 9], lines: [{ values: [9, 9] }] });
  });
});
