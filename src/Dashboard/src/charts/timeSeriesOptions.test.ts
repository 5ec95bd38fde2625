import { describe, expect, it } from 'vitest';
import type { ChartLine } from './chartLine';
import { buildData, lonelyPoints, yRange } from './timeSeriesOptions';

const line = (look: ChartLine['look'], values: ChartLine['values']): ChartLine => ({ key: look, label: '', color: '', look, values });

describe('buildData', () => {
  it('adds stacks up and leaves other lines alone', () => {
    const data = buildData([1, 2, 3], [line('line', [9, 9, 9]), line('stack', [1, 2, null]), line('stack', [10, null, null]), line('stack', [100, 100, null])]);
    expect(data).toEqual([[1, 2, 3], [9, 9, 9], [1, 2, null], [11, null, null], [111, 102, null]]);
  });

  it('puts the edges of the bands below the lines', () => {
    const data = buildData([1, 2], [line('line', [5, 6]), { ...line('line', [7, null]), band: { min: [1, null], max: [9, null] } }]);
    expect(data).toEqual([[1, 2], [9, null], [1, null], [5, 6], [7, null]]);
  });
});

describe('yRange', () => {
  const axis = { format: String, max: null, atLeast: 1, base: 10 as const };

  it('leaves room above the values, but never shrinks to nothing', () => {
    expect(yRange(axis, 0, 100)).toEqual([0, 108]);
    expect(yRange(axis, 0.01, 0.01)).toEqual([0, 1]);
    expect(yRange(axis, null, null)).toEqual([0, 1]);
  });

  it('keeps a fixed top, unless values are above it', () => {
    expect(yRange({ ...axis, max: 100 }, 0, 3)).toEqual([0, 100]);
    expect(yRange({ ...axis, max: 100 }, 0, 120)).toEqual([0, 120]);
  });

  it('goes below zero where the values do', () => expect(yRange(axis, -100, 0)).toEqual([-108, 1]));
});

describe('lonelyPoints', () => {
  it('finds values without neighbours', () => {
    expect(lonelyPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(lonelyPoints([])).toEqual([]);
  });

  it('looks past points of other lines', () => {
    expect(lonelyPoints([1, undefined, 2, undefined, null, undefined, 3])).toEqual([6]);
  });
});
