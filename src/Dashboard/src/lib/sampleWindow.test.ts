import { describe, expect, it } from 'vitest';
import type { Series } from '../api/types';
import { columnOf, SampleWindow } from './sampleWindow';

const gauge = (name: string): Series => ({ name, unit: '', kind: 'gauge' });
const windowOf = (times: number[], ...columns: (number | null)[][]) =>
  new SampleWindow({ series: columns.map((_, i) => gauge(`s${i}`)), times, values: columns });

describe('SampleWindow', () => {
  it('takes a snapshot over', () => {
    const window = windowOf([1, 2], [10, 20], [null, 5]);
    expect(window.times).toEqual([1, 2]);
    expect(columnOf(window.copy(), 0)).toEqual([10, 20]);
    expect(columnOf(window.copy(), 1)).toEqual([null, 5]);
    expect(window.newest).toBe(2);
  });

  it('appends the newest sample', () => {
    const window = windowOf([1, 2], [10, 20]);
    window.insert(3, [30]);
    expect(window.times).toEqual([1, 2, 3]);
    expect(columnOf(window.copy(), 0)).toEqual([10, 20, 30]);
  });

  it('inserts a late sample by its time', () => {
    const window = windowOf([1, 5], [10, 50]);
    window.insert(3, [30]);
    window.insert(0, [0]);
    expect(window.times).toEqual([0, 1, 3, 5]);
    expect(columnOf(window.copy(), 0)).toEqual([0, 10, 30, 50]);
  });

  it('replaces a sample of the same time', () => {
    const window = windowOf([1, 2, 3], [10, 20, 30]);
    window.insert(2, [21]);
    window.insert(3, [31]);
    expect(window.times).toEqual([1, 2, 3]);
    expect(columnOf(window.copy(), 0)).toEqual([10, 21, 31]);
  });

  it('gives copies that later changes leave alone', () => {
    const window = windowOf([1], [10]);
    const copy = window.copy();
    window.addSeries([gauge('new')], 1);
    window.insert(2, [20]);
    expect(copy).toEqual({ series: [gauge('s0')], times: [1], rows: [[10]] });
  });

  it('begins empty', () => {
    const window = windowOf([]);
    window.trim(10);
    expect(window.newest).toBeNull();
    window.insert(7, []);
    expect(window.times).toEqual([7]);
  });

  it('gives older samples no value in a series that came later', () => {
    const window = windowOf([1], [10]);
    expect(window.addSeries([gauge('s0'), gauge('new')], 0)).toBe(true);
    window.insert(2, [20, 7]);
    window.insert(3, [30]);
    expect(window.series.map((series) => series.name)).toEqual(['s0', 'new']);
    expect(columnOf(window.copy(), 1)).toEqual([null, 7, null]);
  });

  it('refuses series that leave a hole', () => {
    const window = windowOf([1], [10]);
    expect(window.addSeries([gauge('far')], 2)).toBe(false);
    expect(window.addSeries([], 2)).toBe(true);
    expect(window.series).toHaveLength(1);
  });

  it('trims by the newest sample', () => {
    const window = windowOf([0, 50, 100], [1, 2, 3]);
    window.insert(150, [4]);
    window.trim(100);
    expect(window.times).toEqual([50, 100, 150]);
    expect(columnOf(window.copy(), 0)).toEqual([2, 3, 4]);
  });
});
