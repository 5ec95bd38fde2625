import { describe, expect, it } from 'vitest';
import { countsInSum, labelText, parseSeriesName } from './seriesName';

describe('parseSeriesName', () => {
  it('reads a name without labels', () => {
    expect(parseSeriesName('cpu.percent')).toEqual({ base: 'cpu.percent', labels: [] });
    expect(parseSeriesName('cpu.percent{}')).toEqual({ base: 'cpu.percent', labels: [] });
  });

  it('reads plain labels', () => {
    expect(parseSeriesName('cpu.core.percent{core=3}')).toEqual({ base: 'cpu.core.percent', labels: [{ name: 'core', value: '3' }] });
    expect(parseSeriesName('x{a=1,b=/dev/sda1}').labels).toEqual([{ name: 'a', value: '1' }, { name: 'b', value: '/dev/sda1' }]);
  });

  it('reads quoted labels with commas, braces, quotes and backslashes', () => {
    expect(parseSeriesName('disk.used.bytes{mount="/mnt/a,b"}').labels[0]?.value).toBe('/mnt/a,b');
    expect(parseSeriesName('disk.used.bytes{mount="/mnt/{x}=1"}').labels[0]?.value).toBe('/mnt/{x}=1');
    expect(parseSeriesName(String.raw`d{mount="C:\\a \"b\"",z=1}`).labels).toEqual([
      { name: 'mount', value: String.raw`C:\a "b"` },
      { name: 'z', value: '1' },
    ]);
    expect(parseSeriesName('d{mount=""}').labels[0]?.value).toBe('');
  });

  it('keeps a text it cannot read as a name', () => {
    for (const text of ['x{', 'x{a', 'x{a=1', 'x{a="1}', 'x{a=1}y']) expect(parseSeriesName(text)).toEqual({ base: text, labels: [] });
  });
});

describe('labelText', () => {
  it('names a single label by its value and several by name and value', () => {
    expect(labelText([])).toBe('');
    expect(labelText([{ name: 'nic', value: 'eth0' }])).toBe('eth0');
    expect(labelText([{ name: 'a', value: '1' }, { name: 'b', value: '2' }])).toBe('a=1, b=2');
  });
});

describe('countsInSum', () => {
  it('leaves out only the loopback of a network', () => {
    expect(countsInSum('net.rx.bytes', 'eth0')).toBe(true);
    expect(countsInSum('net.rx.bytes', 'lo')).toBe(false);
    expect(countsInSum('disk.read.bytes', 'lo0')).toBe(true);
  });
});
