import { describe, expect, it } from 'vitest';
import { defaultFleetState, formatFleetState, parseFleetState, toFleetQuery, type FleetState } from './fleetQuery';

const parse = (text: string) => parseFleetState(new URLSearchParams(text));

describe('fleet state in the address', () => {
  it('is empty as long as everything is as usual', () => {
    expect(formatFleetState(defaultFleetState)).toBe('');
    expect(parse('')).toEqual(defaultFleetState);
  });

  it.each<FleetState>([
    { search: 'web & db', status: 'offline', group: 'eu / west', tag: 'a=b', sort: 'cpu', descending: true, page: 3 },
    { search: '', status: null, group: '', tag: '', sort: 'cpu', descending: false, page: 1 },
    { search: '', status: null, group: '', tag: '', sort: 'name', descending: true, page: 1 },
    { search: ' x', status: 'pending', group: '', tag: 'db', sort: 'lastSeen', descending: false, page: 2 },
  ])('comes back from its own text: %o', (state) => expect(parse(formatFleetState(state))).toEqual(state));

  it('ignores what it does not know', () => {
    expect(parse('status=broken&sort=colour&page=-2&order=up')).toEqual(defaultFleetState);
    expect(parse('page=1e99').page).toBe(1);
    const long = 'x'.repeat(200);
    expect(parse(`q=${long}&group=${long}&tag=${long}`)).toMatchObject({ search: 'x'.repeat(100), group: 'x'.repeat(50), tag: 'x'.repeat(50) });
  });

  it('puts the busiest first unless told otherwise', () => {
    expect(parse('sort=memory').descending).toBe(true);
    expect(parse('sort=memory&order=asc').descending).toBe(false);
  });
});

describe('toFleetQuery', () => {
  it('asks for one page and leaves out what is not set', () => {
    expect(toFleetQuery({ ...defaultFleetState, page: 2 })).toEqual({ sort: 'name', descending: false, offset: 100, limit: 100 });
    expect(toFleetQuery({ ...defaultFleetState, group: 'eu', tag: 'db' })).toMatchObject({ group: 'eu', tag: 'db' });
    expect(toFleetQuery({ ...defaultFleetState, search: ' a ', status: 'late' })).toMatchObject({ search: 'a', status: 'late' });
  });
});
