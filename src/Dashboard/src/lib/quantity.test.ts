import { describe, expect, it } from 'vitest';
import { formatBound, parseQuantity, unitOf } from './quantity';

describe('parseQuantity', () => {
  it.each([
    ['90', 90], ['90%', 90], [' 90.5 % ', 90.5], ['0,5', 0.5], ['-3', -3], ['1e3', 1000], ['1.5 GiB', 1.5 * 1024 ** 3], ['100M', 1e8], ['20 MB/s', 2e7], ['4 KiB', 4096], ['12 B', 12],
  ])('reads %s', (text, value) => expect(parseQuantity(text)).toBe(value));

  it.each(['', 'x', '90 apples', '1 2', '--1', 'GiB', '9..1'])('refuses %j', (text) => expect(parseQuantity(text)).toBeNull());
});

describe('unitOf', () => {
  it('is told by the name, whatever the labels', () => {
    expect(unitOf('disk.used.percent{mount=/a.bytes}')).toBe('percent');
    expect(unitOf('net.rx.bytes')).toBe('bytes');
    expect(unitOf('cpu.frequency.mhz')).toBe('megahertz');
    expect(unitOf('uptime.seconds')).toBe('seconds');
    expect(unitOf('load.1m')).toBe('');
    expect(unitOf(null)).toBe('');
  });
});

describe('formatBound', () => {
  it('does not round what somebody set', () => {
    expect(formatBound(92.5, 'percent')).toBe('92.5%');
    expect(formatBound(0.1 + 0.2, '')).toBe('0.3');
    expect(formatBound(1024 ** 3, 'bytes', true)).toBe('1 GiB/s');
    expect(formatBound(3, 'requests')).toBe('3 requests');
  });
});
