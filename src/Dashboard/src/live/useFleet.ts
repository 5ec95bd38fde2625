import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FleetQuery } from '../api/types';
import { isMovingSort } from '../lib/fleetQuery';
import { fleetKey } from './keys';
import { useLive } from './LiveContext';

/** Changes come by themselves; asking again renews the small histories, and an order that moves. */
const renewMs = { moving: 10_000, fixed: 30_000 };

/** A page of the fleet, kept up to date for as long as somebody uses it. */
export function useFleet(query: FleetQuery) {
  const live = useLive();
  return useQuery({
    queryKey: fleetKey(query),
    queryFn: ({ signal }) => live.watchFleet(query, signal),
    placeholderData: keepPreviousData,
    // A query that was left is no longer watched, so what the cache has of it is old whenever it is taken up again.
    staleTime: 0,
    refetchOnMount: 'always',
    refetchInterval: isMovingSort(query.sort) ? renewMs.moving : renewMs.fixed,
    gcTime: 60_000,
  });
}
