import { describe, expect, it } from 'vitest';
import {
  formatAgo, formatByteRate, formatBytes, formatCountdown, formatDuration, formatMegahertz, formatNumber, formatPercent, formatUntil, formatValue, plural, waitInWords,
} from './format';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'], [1, '1 B'], [999, '999 B'], [1000, '0.98 KiB'], [1024, '1 KiB'], [1536, '1.5 KiB'], [10_240, '10 KiB'], [1_048_576, '1 MiB'],
    [123_456_789, '118 MiB'], [1023 * 1024 ** 3, '1 TiB'], [5.5 * 1024 ** 4, '5.5 TiB'], [3 * 1024 ** 7, '3072 EiB'], [-2048, '−2 KiB'],
  ])('%d → %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('shows an unknown value as a dash', () => {
    expect(formatBytes(null)).toBe('–');
    expect(formatByteRate(undefined)).toBe('–');
  });
});

describe('formatPercent', () => {
  it.each([[0, '0.0%'], [3.14, '3.1%'], [9.94, '9.9%'], [9.96, '10%'], [70.4, '70%'], [100, '100%']])('%d → %s', (value, text) =>
    expect(formatPercent(value)).toBe(text));
});

describe('formatNumber', () => {
  it.each([[3, '3'], [0.5, '0.50'], [12.34, '12.3'], [1234.5, '1235'], [250_000, '250 k'], [1_500_000, '1.5 M'], [2e9, '2 G']])('%d → %s', (value, text) =>
    expect(formatNumber(value)).toBe(text));
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'], [59.9, '59 s'], [60, '1 min'], [3600, '1 h'], [3660, '1 h 1 min'], [86_400, '1 d'], [100_000, '1 d 3 h'], [10_000_000, '115 d'],
  ])('%d → %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatAgo', () => {
  it.each([[-500, '0 s ago'], [4999, '4 s ago'], [60_000, '1 min ago'], [7_200_000, '2 h ago'], [200_000_000, '2 d ago']])('%d → %s', (ms, text) =>
    expect(formatAgo(ms)).toBe(text));
});

describe('formatCountdown', () => {
  it.each([[300_000, '5:00'], [299_001, '5:00'], [61_000, '1:01'], [1, '0:01'], [-5, '0:00']])('%d → %s', (ms, text) =>
    expect(formatCountdown(ms)).toBe(text));
});

describe('formatValue', () => {
  it('uses the unit the server names', () => {
    expect(formatValue(42, 'percent')).toBe('42%');
    expect(formatValue(2048, 'bytes')).toBe('2 KiB');
    expect(formatValue(2048, 'bytes', true)).toBe('2 KiB/s');
    expect(formatValue(2400, 'megahertz')).toBe('2.40 GHz');
    expect(formatValue(90, 'seconds')).toBe('1 min');
    expect(formatValue(0.25, 'seconds', true)).toBe('25%');
    expect(formatValue(12, 'packets', true)).toBe('12 packets/s');
    expect(formatValue(12, '')).toBe('12');
    expect(formatValue(null, 'bytes')).toBe('–');
  });

  it('switches to GHz at a thousand', () => expect(formatMegahertz(999)).toBe('999 MHz'));
});

describe('plural', () => {
  it('agrees with the count', () => {
    expect(plural(1, 'host', 'hosts')).toBe('1 host');
    expect(plural(1200, 'host', 'hosts')).toBe('1,200 hosts');
  });
});

describe('waitInWords', () => {
  it.each([
    [0, '1 second'], [1, '1 second'], [44_001, '45 seconds'], [119_000, '119 seconds'], [120_000, '2 minutes'], [121_000, '3 minutes'], [7_200_000, '2 hours'], [7_200_001, '3 hours'],
  ])('%d ms is %s', (milliseconds, text) => expect(waitInWords(milliseconds)).toBe(text));
});

describe('formatUntil', () => {
  it.each([
    [-5, 'in 0 s'], [59_000, 'in 59 s'], [60_000, 'in 1 min'], [3_600_000, 'in 1 h'], [26 * 3_600_000, 'in 26 h'], [3 * 86_400_000, 'in 3 d'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatUntil(milliseconds)).toBe(text));
});
