import { describe, expect, it, vi } from 'vitest';
import type { HostSnapshot, Series } from '../api/types';
import { HostFeed } from './HostFeed';

const cpu: Series = { name: 'cpu.percent', unit: 'percent', kind: 'gauge' };
const snapshot = (times: number[], values: number[]): HostSnapshot => ({
  id: 1, name: 'h', status: 'online', group: null, tags: [], access: 'owner', owner: null, createdAt: '2026-01-01T00:00:00Z', lastSeen: null, intervalSeconds: 5, bootId: null, clockOffsetSeconds: null, agent: null,
  serverTime: '2026-01-01T00:00:00Z', series: [cpu], times, values: [values],
});
const sample = (at: number, value: number, newSeries: Series[] = []) => ({ id: 1, firstNewSeries: 0, newSeries, samples: [{ at, values: [value] }] });

describe('HostFeed', () => {
  it('gives a new view with every change and tells its listeners', () => {
    const feed = new HostFeed();
    const listener = vi.fn();
    const stop = feed.subscribe(listener);
    feed.load(snapshot([1000], [1]));
    const first = feed.view;
    feed.append(sample(2000, 2));
    expect(feed.view).not.toBe(first);
    expect(first.valuesOf('cpu.percent')).toHaveLength(1);
    expect(feed.view.valuesOf('cpu.percent')).toEqual([1, 2]);
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    feed.append(sample(3000, 3));
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('asks for a new snapshot when series are missing', () => {
    const feed = new HostFeed();
    feed.load(snapshot([1000], [1]));
    expect(feed.append({ ...sample(2000, 2, [cpu]), firstNewSeries: 5 })).toBe(false);
    expect(feed.view.times).toEqual([1000]);
  });

  it('keeps samples that overtake the snapshot', () => {
    const feed = new HostFeed();
    feed.expectSnapshot();
    expect(feed.append(sample(3000, 3, [cpu]))).toBe(true);
    feed.load(snapshot([1000, 2000], [1, 2]));
    expect(feed.view.valuesOf('cpu.percent')).toEqual([1, 2, 3]);
    expect(feed.view.allSeries).toHaveLength(1);
  });
});
