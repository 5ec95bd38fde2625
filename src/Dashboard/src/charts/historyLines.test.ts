import { describe, expect, it } from 'vitest';
import type { History, HistorySeries } from '../api/types';
import { deviceLines, highest, oneDeviceLines, totalLines, type Part } from './historyLines';

const series = (metric: string, device: string, mean: (number | null)[], spread?: [min: (number | null)[], max: (number | null)[]]): HistorySeries => ({
  name: device ? `${metric}{d=${device}}` : metric, metric, labels: device ? { d: device } : {}, unit: '', kind: 'gauge', view: 'value', mean, ...(spread && { min: spread[0], max: spread[1] }),
});
const history = (...all: HistorySeries[]): History => ({ tier: 'raw', step: 0, interval: 5000, times: [1, 2], series: all, gaps: [] });
const traffic: Part[] = [{ metric: 'net.rx.bytes', label: 'Received' }, { metric: 'net.tx.bytes', label: 'Sent', look: 'dashed' }];

describe('totalLines', () => {
  it('has a band for a single series, and none for what is added up', () => {
    const answer = history(series('a', '', [1, null], [[0, null], [9, null]]), series('b', 'x', [1, 2], [[0, 0], [9, 9]]), series('b', 'y', [10, null], [[0, 0], [9, 9]]));
    expect(totalLines(answer, [{ metric: 'a', label: 'A' }, { metric: 'b', label: 'B' }])).toEqual([
      { key: 'a', label: 'A', color: '--chart-1', look: 'line', values: [1, null], band: { min: [0, null], max: [9, null] } },
      { key: 'b', label: 'B', color: '--chart-2', look: 'line', values: [11, 2] },
    ]);
  });

  it('leaves out the loopback and what the answer has not', () => {
    const answer = history(series('net.rx.bytes', 'lo', [500, 500]), series('net.rx.bytes', 'eth0', [1, 2]), series('net.tx.bytes', 'lo', [1, 1]));
    expect(totalLines(answer, traffic).map(({ label, values }) => [label, values])).toEqual([['Received', [1, 2]]]);
  });

  it('has no band in a stack', () => {
    expect(totalLines(history(series('a', '', [1, 2], [[0, 0], [9, 9]])), [{ metric: 'a', label: 'A', look: 'stack' }])[0]?.band).toBeUndefined();
  });

  it('has no band where points are samples', () => expect(totalLines(history(series('a', '', [1, 2])), [{ metric: 'a', label: 'A' }])[0]?.band).toBeUndefined());
});

describe('deviceLines', () => {
  it('shows each device in one colour, in natural order', () => {
    const { lines, hidden } = deviceLines(history(series('net.rx.bytes', 'eth10', [1, 1]), series('net.rx.bytes', 'eth2', [2, 2]), series('net.tx.bytes', 'eth2', [3, 3])), traffic);
    expect(hidden).toBe(0);
    expect(lines.map(({ label, look, color }) => [label, look, color])).toEqual([
      ['eth2 received', 'line', '--chart-1'], ['eth2 sent', 'dashed', '--chart-1'], ['eth10 received', 'line', '--chart-2'],
    ]);
  });

  it('shows the busiest of too many', () => {
    const many = Array.from({ length: 10 }, (_, i) => series('cpu', `${i}`, [i, null]));
    const { lines, hidden } = deviceLines(history(...many), [{ metric: 'cpu', label: '' }]);
    expect(hidden).toBe(2);
    expect(lines.map(({ label }) => label)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('oneDeviceLines', () => {
  it('shows the parts of the one', () => {
    const answer = history(series('net.rx.bytes', 'a', [1, 1]), series('net.rx.bytes', 'b', [2, 2]), series('net.tx.bytes', 'b', [3, 3]));
    expect(oneDeviceLines(answer, traffic, 'b').map(({ label, color, values }) => [label, color, values])).toEqual([['b received', '--chart-1', [2, 2]], ['b sent', '--chart-2', [3, 3]]]);
    expect(oneDeviceLines(answer, traffic, 'c')).toEqual([]);
  });
});

describe('highest', () => {
  it('finds it in the band, or among the samples', () => {
    expect(highest(history(series('m', '', [1, 2], [[0, 0], [5, null]])), 'm')).toBe(5);
    expect(highest(history(series('m', '', [1, null])), 'm')).toBe(1);
    expect(highest(history(series('m', '', [null, null])), 'm')).toBeNull();
    expect(highest(history(), 'm')).toBeNull();
  });
});
