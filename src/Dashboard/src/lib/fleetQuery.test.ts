import { describe, expect, it } from 'vitest';
import { defaultFleetState, formatFleetState, isSameList, parseFleetState, toFleetQuery, type FleetState } from './fleetQuery';

const parse = (text: string) => parseFleetState(new URLSearchParams(text));

describe('fleet state in the address', () => {
  it('is empty as long as everything is as usual', () => {
    expect(formatFleetState(defaultFleetState)).toBe('');
    expect(parse('')).toEqual(defaultFleetState);
  });

  it.each<FleetState>([
    { search: 'web & db', status: 'offline', group: 'eu / west', tag: 'a=b', sort: 'cpu', descending: true, at: 300 },
    { search: '', status: null, group: '', tag: '', sort: 'cpu', descending: false, at: 0 },
    { search: '', status: null, group: '', tag: '', sort: 'name', descending: true, at: 0 },
    { search: ' x', status: 'pending', group: '', tag: 'db', sort: 'lastSeen', descending: false, at: 17 },
  ])('comes back from its own text: %o', (state) => expect(parse(formatFleetState(state))).toEqual(state));

  it('ignores what it does not know', () => {
    expect(parse('status=broken&sort=colour&at=-2&order=up&page=3')).toEqual(defaultFleetState);
    expect(parse('at=1e99').at).toBe(0);
    const long = 'x'.repeat(200);
    expect(parse(`q=${long}&group=${long}&tag=${long}`)).toMatchObject({ search: 'x'.repeat(100), group: 'x'.repeat(50), tag: 'x'.repeat(50) });
  });

  it('puts the busiest first unless told otherwise', () => {
    expect(parse('sort=memory').descending).toBe(true);
    expect(parse('sort=memory&order=asc').descending).toBe(false);
  });
});

describe('toFleetQuery', () => {
  const watched = { first: 100, end: 200 };

  it('asks for a part of the list and leaves out what is not set', () => {
    expect(toFleetQuery({ ...defaultFleetState, at: 120 }, watched)).toEqual({ sort: 'name', descending: false, offset: 100, limit: 100 });
    expect(toFleetQuery({ ...defaultFleetState, group: 'eu', tag: 'db' }, watched)).toMatchObject({ group: 'eu', tag: 'db' });
    expect(toFleetQuery({ ...defaultFleetState, search: ' a ', status: 'late' }, watched)).toMatchObject({ search: 'a', status: 'late' });
  });
});

describe('isSameList', () => {
  it('looks at everything but the part', () => {
    const query = toFleetQuery({ ...defaultFleetState, search: 'web' }, { first: 0, end: 100 });
    expect(isSameList(query, { ...query, offset: 5000, limit: 200 })).toBe(true);
    for (const other of [{ search: 'db' }, { status: 'late' }, { group: 'eu' }, { tag: 'x' }, { sort: 'cpu' }, { descending: true }] as const) {
      expect(isSameList(query, { ...query, ...other })).toBe(false);
    }
  });
});
