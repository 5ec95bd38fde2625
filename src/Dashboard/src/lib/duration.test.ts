import { describe, expect, it } from 'vitest';
import { formatExactly, joinDuration, splitDuration } from './duration';

describe('splitDuration', () => {
  it('takes the largest unit that it is a whole number of', () => {
    expect(splitDuration(300, 's')).toEqual({ count: '5', unit: 'min' });
    expect(splitDuration(90, 'min')).toEqual({ count: '90', unit: 's' });
    expect(splitDuration(7200, 's')).toEqual({ count: '2', unit: 'h' });
    expect(splitDuration(172_800, 's')).toEqual({ count: '2', unit: 'd' });
  });

  it('begins in the usual unit where there is none', () => {
    expect(splitDuration(0, 'min')).toEqual({ count: '0', unit: 'min' });
    expect(splitDuration(null, 'h')).toEqual({ count: '', unit: 'h' });
  });

  it('is taken back by joinDuration', () => {
    for (const seconds of [0, 1, 59, 60, 61, 300, 3600, 5400, 86_400, 90_000]) expect(joinDuration(splitDuration(seconds, 's'))).toBe(seconds);
  });
});

describe('joinDuration', () => {
  it('takes fractions, commas and nothing', () => {
    expect(joinDuration({ count: '1.5', unit: 'h' })).toBe(5400);
    expect(joinDuration({ count: '0,5', unit: 'min' })).toBe(30);
    expect(joinDuration({ count: ' ', unit: 'd' })).toBe(0);
  });

  it('refuses what is no duration', () => {
    for (const count of ['x', '-1', '1 2', '1e999']) expect(joinDuration({ count, unit: 's' })).toBeNull();
  });
});

describe('formatExactly', () => {
  it('says every part', () => {
    expect(formatExactly(0)).toBe('0 s');
    expect(formatExactly(90)).toBe('1 min 30 s');
    expect(formatExactly(86_400)).toBe('1 d');
    expect(formatExactly(90_061)).toBe('1 d 1 h 1 min 1 s');
  });
});
