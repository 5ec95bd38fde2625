import { describe, expect, it } from 'vitest';
import type { Series } from '../../api/types';
import { HostView } from '../../lib/hostView';
import { SampleWindow } from '../../lib/sampleWindow';
import { countDevices, cpuLines, currentPair, familyLines, memoryLines, networkPair, pairLines } from './chartLines';

const times = [0, 1000, 2000];
function viewOf(columns: Record<string, (number | null)[]>): HostView {
  const series = Object.keys(columns).map((name): Series => ({ name, unit: '', kind: name.startsWith('net.') ? 'counter' : 'gauge' }));
  return new HostView(new SampleWindow({ series, times, values: Object.values(columns) }).copy(), 1000);
}

describe('cpuLines', () => {
  it('always has the total, and the parts that are reported', () => {
    expect(cpuLines(viewOf({ 'cpu.percent': [1, 2, 3], 'cpu.user.percent': [1, 1, 1] })).map((line) => [line.label, line.look])).toEqual([
      ['Total', 'line'], ['User', 'stack'],
    ]);
    expect(cpuLines(viewOf({}))[0]?.values).toEqual([null, null, null]);
  });
});

describe('memoryLines', () => {
  it('shows swap only where there is some', () => {
    const memory = { 'memory.used.bytes': [1, 1, 1], 'swap.used.bytes': [0, 0, 0] };
    expect(memoryLines(viewOf({ ...memory, 'swap.total.bytes': [0, 0, 0] })).map((line) => line.label)).toEqual(['Used']);
    expect(memoryLines(viewOf({ ...memory, 'swap.total.bytes': [9, 9, 9] })).map((line) => line.label)).toEqual(['Used', 'Swap used']);
  });
});

describe('pairLines', () => {
  const view = viewOf({
    'net.rx.bytes{nic=eth0}': [0, 100, 300],
    'net.tx.bytes{nic=eth0}': [0, 1, 2],
    'net.rx.bytes{nic=lo}': [0, 5000, 9000],
    'net.rx.bytes{nic=wlan0}': [null, 10, 20],
  });

  it('adds up all interfaces but the loopback', () => {
    const [received, sent] = pairLines(view, networkPair, 'sum');
    expect(received?.values).toEqual([null, 100, 210]);
    expect(sent?.values).toEqual([null, 1, 1]);
    expect(currentPair(view, networkPair)).toEqual({ into: 210, out: 1 });
  });

  it('shows each interface in one colour with a line per direction', () => {
    const lines = pairLines(view, networkPair, 'each');
    expect(lines.map((line) => line.label)).toEqual(['eth0 received', 'eth0 sent', 'lo received', 'lo sent', 'wlan0 received', 'wlan0 sent']);
    expect(lines[0]?.color).toBe(lines[1]?.color);
    expect(lines[0]?.color).not.toBe(lines[2]?.color);
  });

  it('leaves the quietest out when there are too many', () => {
    const many = viewOf(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`net.rx.bytes{nic=eth${i}}`, [0, i * 10, i * 20]])));
    expect(pairLines(many, networkPair, 'each').filter((line) => line.look === 'line').map((line) => line.label)[0]).toBe('eth2 received');
    expect(countDevices(many, networkPair)).toEqual({ all: 10, hidden: 2 });
  });
});

describe('familyLines', () => {
  it('names each line by its label', () => {
    expect(familyLines(viewOf({ 'tcp.connections{state=established}': [1, 2, 3] }), 'tcp.connections')).toMatchObject([{ label: 'established', values: [1, 2, 3] }]);
  });
});
