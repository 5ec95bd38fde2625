import { useQuery } from '@tanstack/react-query';
import { hostKey } from './keys';
import { useLive } from './LiveContext';

/** A host's header, kept up to date for as long as somebody uses it. Its samples are in `useHostView`. */
export function useHost(id: number) {
  const live = useLive();
  return useQuery({
    queryKey: hostKey(id),
    queryFn: ({ signal }) => live.watchHost(id, signal),
    refetchOnMount: 'always',
  });
}
