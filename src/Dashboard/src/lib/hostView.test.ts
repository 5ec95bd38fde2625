import { describe, expect, it } from 'vitest';
import { currentValue, HostView } from './hostView';
import { SampleWindow } from './sampleWindow';

const view = new HostView(
  new SampleWindow({
    series: [
      { name: 'cpu.percent', unit: 'percent', kind: 'gauge' },
      { name: 'net.rx.bytes{nic=eth10}', unit: 'bytes', kind: 'counter' },
      { name: 'net.rx.bytes{nic=eth2}', unit: 'bytes', kind: 'counter' },
    ],
    times: [0, 1000, 2000, 20_000],
    values: [[1, 2, 3, 4], [0, 100, 300, 900], [5, 5, 5, 5]],
  }).copy(),
  1000,
);

describe('HostView', () => {
  it('groups series by name and orders labels naturally', () => {
    expect(view.has('net.rx.bytes')).toBe(true);
    expect(view.family('net.rx.bytes').map((series) => series.label)).toEqual(['eth2', 'eth10']);
    expect(view.family('swap.used.bytes')).toEqual([]);
  });

  it('shows counters as rates and breaks lines at the gap', () => {
    expect(view.valuesOf('net.rx.bytes{nic=eth10}')).toEqual([null, 100, 200, null]);
    expect(view.timeline.seconds).toEqual([0, 1, 2, 11, 20]);
    expect(view.along(view.valuesOf('cpu.percent'))).toEqual([1, 2, 3, null, 4]);
  });

  it('knows the current value, also of nothing', () => {
    expect(view.currentOf('cpu.percent')).toBe(4);
    expect(view.currentOf('net.rx.bytes{nic=eth10}')).toBe(200);
    expect(view.currentOf('missing')).toBeNull();
    expect(view.valuesOf('missing')).toEqual([null, null, null, null]);
  });
});

describe('currentValue', () => {
  it('forgives a skipped sample, not a vanished series', () => {
    expect(currentValue([1, 2, null])).toBe(2);
    expect(currentValue([1, null, null, null])).toBeNull();
    expect(currentValue([])).toBeNull();
  });
});
