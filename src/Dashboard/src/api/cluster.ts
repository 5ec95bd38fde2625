import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session/SessionContext';
import type { Cluster } from './clusterTypes';

/** Processes say how they are every 3 s; asking much more often would show the same again. */
const refreshMilliseconds = 3000;

/** How the server is, asked for again while somebody looks. */
export function useCluster() {
  const session = useSession();
  return useQuery({
    queryKey: ['cluster'],
    queryFn: ({ signal }) => session.request<Cluster>('GET', '/api/v1/cluster', { signal }),
    refetchInterval: refreshMilliseconds,
    staleTime: 0,
    // The next time comes soon, and until then the page says that it is not up to date.
    retry: false,
  });
}
