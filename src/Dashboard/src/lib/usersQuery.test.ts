import { describe, expect, it } from 'vitest';
import { formatUsersState, parseUsersState, toUserQuery } from './usersQuery';

const parse = (text: string) => parseUsersState(new URLSearchParams(text));

describe('users state in the address', () => {
  it('comes back from its own text, and is empty as long as everything is as usual', () => {
    for (const state of [{ search: '', page: 1 }, { search: 'a&b', page: 3 }]) expect(parse(formatUsersState(state))).toEqual(state);
    expect(formatUsersState({ search: '', page: 1 })).toBe('');
  });

  it('ignores what is no page', () => {
    for (const page of ['0', '-1', 'x', '1.5', '1e99']) expect(parse(`page=${page}`).page).toBe(1);
  });

  it('asks for one page', () => {
    expect(toUserQuery({ search: ' a ', page: 2 })).toEqual({ search: 'a', offset: 50, limit: 50 });
    expect(toUserQuery({ search: ' ', page: 1 })).toEqual({ offset: 0, limit: 50 });
  });
});
