import { describe, expect, it } from 'vitest';
import { windowEnd, windowMs } from './windowEnd';

describe('windowEnd', () => {
  const now = 10 * windowMs;

  it('follows the clock, also through a silence', () => {
    expect(windowEnd(now - 1000, now, null)).toBe(now);
    expect(windowEnd(now - windowMs, now, null)).toBe(now);
    expect(windowEnd(null, now, null)).toBe(now);
  });

  it('stays with the last samples of a host that is long gone', () => {
    expect(windowEnd(now - windowMs - 1, now, null)).toBe(now - windowMs - 1);
  });

  it('stands still while cut off', () => {
    expect(windowEnd(now - 60_000, now, now - 55_000)).toBe(now - 55_000);
  });
});
