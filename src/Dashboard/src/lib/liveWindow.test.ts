import { describe, expect, it } from 'vitest';
import { liveWindow, windowMs } from './liveWindow';

const now = 10 * windowMs;
const full = (end: number) => ({ start: end - windowMs, end });
const since = (newest: number) => ({ oldest: 0, newest });

describe('liveWindow', () => {
  it('follows the clock, also through a silence', () => {
    expect(liveWindow(since(now - 1000), now, null)).toEqual(full(now));
    expect(liveWindow(since(now - windowMs), now, null)).toEqual(full(now));
    expect(liveWindow(null, now, null)).toEqual(full(now));
  });

  it('stays with the last samples of a host that is long gone', () => {
    expect(liveWindow(since(now - windowMs - 1), now, null)).toEqual(full(now - windowMs - 1));
  });

  it('stands still while cut off', () => {
    expect(liveWindow(since(now - 60_000), now, now - 55_000)).toEqual(full(now - 55_000));
  });

  it('begins narrow and grows', () => {
    const young = (age: number) => liveWindow({ oldest: now - age, newest: now }, now, null);
    expect(young(5000)).toEqual({ start: now - 120_000, end: now });
    expect(young(300_000)).toEqual({ start: now - 300_000, end: now });
    expect(young(2 * windowMs)).toEqual(full(now));
  });
});
