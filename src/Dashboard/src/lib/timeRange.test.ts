import { describe, expect, it } from 'vitest';
import { describeWindow, formatInput, live, parseTimeRange, readWindow, windowOf, withTimeRange, zoomInto, zoomOut, type TimeRange } from './timeRange';

const parse = (text: string, usual: TimeRange = live) => parseTimeRange(new URLSearchParams(text), usual);
const hour: TimeRange = { kind: 'relative', name: '1h' };
const at = Date.parse('2026-11-22T10:00:00Z');

describe('time range in the address', () => {
  it('is the usual one where nothing is said', () => {
    expect(parse('')).toEqual(live);
    expect(parse('', hour)).toEqual(hour);
    expect(withTimeRange(new URLSearchParams('range=1h&series=a'), live, live).toString()).toBe('series=a');
  });

  it.each<TimeRange>([{ kind: 'relative', name: '30m' }, { kind: 'relative', name: '30d' }, { kind: 'fixed', from: at, to: at + 90_000 }, { kind: 'fixed', from: at + 1, to: at + 2 }, live])(
    'comes back from its own text: %o',
    (range) => expect(parse(withTimeRange(new URLSearchParams('range=6h&from=x&host=1'), range, live).toString())).toEqual(range),
  );

  it('keeps everything else, several of one name too', () => {
    const next = withTimeRange(new URLSearchParams('host=1&host=2&from=a&to=b'), { kind: 'fixed', from: at, to: at + 60_000 }, live);
    expect(next.getAll('host')).toEqual(['1', '2']);
    expect(next.get('from')).toBe('2026-11-22T10:00:00Z');
    expect(next.get('to')).toBe('2026-11-22T10:01:00Z');
  });

  it('takes Unix milliseconds and offsets', () => {
    expect(parse(`from=${at}&to=2026-11-22T12:30:00%2B02:00`)).toEqual({ kind: 'fixed', from: at, to: at + 1_800_000 });
  });

  it('ignores what it does not know', () => {
    for (const text of ['range=2h', 'range=', 'from=2026-11-22T10:00:00Z', 'from=yesterday&to=now', 'from=2026-11-22T10:00&to=2026-11-22T11:00', 'from=2026-99-22T10:00:00Z&to=2026-11-22T11:00:00Z']) {
      expect(parse(text)).toEqual(live);
    }

    expect(parse('from=2026-11-22T11:00:00Z&to=2026-11-22T10:00:00Z&range=6h')).toEqual({ kind: 'relative', name: '6h' });
    expect(parse('range=live', hour)).toEqual(hour);
  });
});

describe('windowOf', () => {
  it('moves in steps, so that all charts ask for the same', () => {
    expect(windowOf(hour, at + 14_999)).toEqual({ from: at - 3_600_000, to: at });
    expect(windowOf(hour, at + 15_000)).toEqual({ from: at - 3_585_000, to: at + 15_000 });
  });

  it('stands still where it was chosen', () => expect(windowOf({ kind: 'fixed', from: 1, to: 2 }, at)).toEqual({ from: 1, to: 2 }));

  it('leaves the live view its own', () => expect(windowOf(live, at)).toBeNull());
});

describe('zoom', () => {
  it('goes to whole seconds outwards', () => expect(zoomInto(at + 100, at + 59_100)).toEqual({ kind: 'fixed', from: at, to: at + 60_000 }));

  it('stops where there is nothing more to see', () => expect(zoomInto(at, at + 1000)).toEqual({ kind: 'fixed', from: at - 7000, to: at + 8000 }));

  it('goes out around the middle', () => expect(zoomOut({ from: at, to: at + 60_000 }, at + 9e9)).toEqual({ kind: 'fixed', from: at - 30_000, to: at + 90_000 }));

  it('does not go out into the future', () => {
    expect(zoomOut({ from: at, to: at + 60_000 }, at + 70_000)).toEqual({ kind: 'fixed', from: at - 50_000, to: at + 70_000 });
    expect(zoomOut({ from: at, to: at + 60_000 }, at)).toEqual({ kind: 'fixed', from: at - 60_000, to: at + 60_000 });
  });
});

describe('readWindow', () => {
  const now = new Date(2026, 10, 22, 12, 0, 0).getTime();

  it('reads what formatInput wrote', () => {
    expect(formatInput(now)).toBe('2026-11-22T12:00:00');
    expect(readWindow(formatInput(now - 3_600_000), formatInput(now), now)).toEqual({ window: { from: now - 3_600_000, to: now } });
    expect(readWindow('2026-11-22T11:00', '2026-11-22T11:30', now)).toEqual({ window: { from: now - 3_600_000, to: now - 1_800_000 } });
  });

  it('says what is wrong where it is wrong', () => {
    expect(readWindow('', '2026-11-22T11:00', now)).toEqual({ errors: { from: 'Enter a day and a time.' } });
    expect(readWindow('2026-11-22T11:00', '', now)).toEqual({ errors: { to: 'Enter a day and a time.' } });
    expect(readWindow('2026-11-22T11:00', '2026-11-22T11:00', now)).toEqual({ errors: { to: 'The end must be after the beginning.' } });
    expect(readWindow('2027-11-22T11:00', '2028-11-22T11:00', now)).toEqual({ errors: { from: 'This lies in the future.' } });
  });
});

describe('describeWindow', () => {
  it('names seconds only where they matter', () => {
    const start = new Date(2026, 10, 22, 10, 0, 5).getTime();
    expect(describeWindow({ from: start, to: start + 60_000 })).toMatch(/05/);
    expect(describeWindow({ from: start, to: start + 3_600_000 })).not.toMatch(/:05/);
  });
});
