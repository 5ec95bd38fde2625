import type { FleetQuery, FleetSort, HostStatus } from '../api/types';
import { maxGroupLength, maxTagLength } from './tags';
import type { Stretch } from './visibleHosts';

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
  /** How many hosts come before the first in sight. */
  at: number;
}

export const sorts: readonly FleetSort[] = ['name', 'status', 'cpu', 'memory', 'disk', 'network', 'lastSeen'];
export const statuses: readonly HostStatus[] = ['online', 'late', 'offline', 'pending'];

export const defaultFleetState: FleetState = { search: '', status: null, group: '', tag: '', sort: 'name', descending: false, at: 0 };

/** Whatever the address says, the answer is a state the page can show. */
export function parseFleetState(params: URLSearchParams): FleetState {
  const at = Number(params.get('at') ?? 0);
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
    at: Number.isSafeInteger(at) && at > 0 ? at : 0,
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
  if (state.at > 0) params.set('at', state.at.toString());
  return params.toString();
}

/** The question for a part of the list. */
export function toFleetQuery(state: FleetState, watched: Stretch): FleetQuery {
  const search = state.search.trim();
  return {
    ...(search && { search }),
    ...(state.status && { status: state.status }),
    ...(state.group && { group: state.group }),
    ...(state.tag && { tag: state.tag }),
    sort: state.sort,
    descending: state.descending,
    offset: watched.first,
    limit: watched.end - watched.first,
  };
}

/** Whether both are of one list, whatever part of it. */
export function isSameList(one: FleetQuery, other: FleetQuery): boolean {
  const keys = ['search', 'status', 'group', 'tag', 'sort', 'descending'] as const;
  return keys.every((key) => one[key] === other[key]);
}

/** Who sorts by load wants the busiest first; names begin with A. */
export function descendingAtFirst(sort: FleetSort): boolean {
  return sort !== 'name' && sort !== 'status';
}

/** Whether the order moves by itself, so that the page has to ask for it again now and then. */
export function isMovingSort(sort: FleetSort | undefined): boolean {
  return sort !== undefined && sort !== 'name';
}
