import type { UserQuery } from '../api/types';

export const usersPageSize = 50;

/** What the users' page shows; lives in the address. */
export interface UsersState {
  search: string;
  /** Counted from 1. */
  page: number;
}

export function parseUsersState(params: URLSearchParams): UsersState {
  const page = Number(params.get('page'));
  return { search: params.get('q') ?? '', page: Number.isSafeInteger(page) && page >= 1 ? page : 1 };
}

export function formatUsersState({ search, page }: UsersState): string {
  const params = new URLSearchParams();
  if (search) params.set('q', search);
  if (page > 1) params.set('page', page.toString());
  return params.toString();
}

export function toUserQuery({ search, page }: UsersState): UserQuery {
  return { ...(search.trim() && { search: search.trim() }), offset: (page - 1) * usersPageSize, limit: usersPageSize };
}
