import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../session/SessionContext';
import type { Silence, SilenceBody } from './alertTypes';

const silencesKey = ['silences'] as const;
const path = '/api/v1/silences';

/** Which of them hold now changes by itself. */
const renewMs = 30_000;

export function useSilences() {
  const session = useSession();
  return useQuery({
    queryKey: silencesKey,
    queryFn: async ({ signal }) => (await session.request<{ silences: Silence[] }>('GET', path, { signal })).silences,
    staleTime: 0,
    refetchInterval: renewMs,
  });
}

/** A new silence, or what takes the place of the one with this id. */
export function useSaveSilence(id: number | null) {
  return useSilenceChange((session, body: SilenceBody) => session.request<Silence>(id === null ? 'POST' : 'PUT', id === null ? path : `${path}/${id}`, { body }));
}

export function useEndSilence() {
  return useSilenceChange((session, id: number) => session.request<void>('DELETE', `${path}/${id}`));
}

function useSilenceChange<TResult, TArgument>(change: (session: ReturnType<typeof useSession>, argument: TArgument) => Promise<TResult>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (argument: TArgument) => change(session, argument),
    onSettled: () => cache.invalidateQueries({ queryKey: silencesKey }),
  });
}
