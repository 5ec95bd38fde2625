import type { FleetQuery, FleetSort, HostStatus } from '../api/types';
import { maxGroupLength, maxTagLength } from './tags';

/** Hosts on one page of the fleet: below the server's limit of 200, and what a browser redraws without effort. */
export const pageSize = 100;

/** What the fleet page shows; lives in the address, so that a link or the back button brings it back. */
export interface FleetState {
  search: string;
  status: HostStatus | null;
  /** Empty for all. */
  group: string;
  /** Empty for all. */
  tag: string;
  sort: FleetSort;
  descending: boolean;
  /** Counted from 1. */
  page: number;
}

export const sorts: readonly FleetSort[] = ['name', 'status', 'cpu', 'memory', 'disk', 'network', 'lastSeen'];
export const statuses: readonly HostStatus[] = ['online', 'late', 'offline', 'pending'];

export const defaultFleetState: FleetState = { search: '', status: null, group: '', tag: '', sort: 'name', descending: false, page: 1 };

/** Whatever the address says, the answer is a state the page can show. */
export function parseFleetState(params: URLSearchParams): FleetState {
  const page = Number(params.get('page'));
  const order = params.get('order');
  const sort = sorts.find((s) => s === params.get('sort')) ?? defaultFleetState.sort;
  return {
    // No longer than the server takes: a mistyped address should find nothing rather than fail.
    search: (params.get('q') ?? '').slice(0, 100),
    status: statuses.find((s) => s === params.get('status')) ?? null,
    group: (params.get('group') ?? '').slice(0, maxGroupLength),
    tag: (params.get('tag') ?? '').slice(0, maxTagLength),
    sort,
    descending: order === null ? descendingAtFirst(sort) : order === 'desc',
    page: Number.isSafeInteger(page) && page >= 1 ? page : 1,
  };
}

/** The shortest address for a state: what is as usual is left out. */
export function formatFleetState(state: FleetState): string {
  const params = new URLSearchParams();
  if (state.search) params.set('q', state.search);
  if (state.status) params.set('status', state.status);
  if (state.group) params.set('group', state.group);
  if (state.tag) params.set('tag', state.tag);
  if (state.sort !== defaultFleetState.sort) params.set('sort', state.sort);
  if (state.descending !== descendingAtFirst(state.sort)) params.set('order', state.descending ? 'desc' : 'asc');
  if (state.page > 1) params.set('page', state.page.toString());
  return params.toString();
}

export function toFleetQuery(state: FleetState): FleetQuery {
  const search = state.search.trim();
  return {
    ...(search && { search }),
    ...(state.status && { status: state.status }),
    ...(state.group && { group: state.group }),
    ...(state.tag && { tag: state.tag }),
    sort: state.sort,
    descending: state.descending,
    offset: (state.page - 1) * pageSize,
    limit: pageSize,
  };
}

/** Who sorts by load wants the busiest first; names begin with A. */
export function descendingAtFirst(sort: FleetSort): boolean {
  return sort !== 'name' && sort !== 'status';
}

/** Whether the order moves by itself, so that the page has to ask for it again now and then. */
export function isMovingSort(sort: FleetSort | undefined): boolean {
  return sort !== undefined && sort !== 'name';
}
