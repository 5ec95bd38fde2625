import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryString } from '../lib/queryString';
import { hostKey } from '../live/keys';
import { useSession } from '../session/SessionContext';
import type { FleetPage, HostChange, HostShare, NewHost, NewToken, ShareAccess, TokenInfo } from './types';

export interface HostDraft {
  name: string;
  group?: string;
  tags?: string[];
}

const pathOf = (id: number) => `/api/v1/hosts/${id}`;
// Below the host's own key, so that what renews the host renews these as well.
const tokensKey = (id: number) => [...hostKey(id), 'tokens'] as const;
const sharesKey = (id: number) => [...hostKey(id), 'shares'] as const;

export function useAddHost() {
  const session = useSession();
  return useMutation({ mutationFn: (body: HostDraft) => session.request<NewHost>('POST', '/api/v1/hosts', { body }) });
}

export function useChangeHost(id: number) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: HostChange) => session.request<unknown>('PATCH', pathOf(id), { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: hostKey(id), exact: true }),
  });
}

export function useDeleteHost(id: number) {
  const session = useSession();
  return useMutation({ mutationFn: () => session.request<void>('DELETE', pathOf(id)) });
}

/** Groups and tags that hosts have, to choose from. A form does without them as well. */
export function useKnownLabels(): { groups: string[]; tags: string[] } {
  const session = useSession();
  const { data } = useQuery({
    queryKey: ['knownLabels'],
    queryFn: async ({ signal }) => {
      const { groups, tags } = await session.request<FleetPage>('GET', '/api/v1/hosts?limit=1', { signal });
      return { groups, tags };
    },
    staleTime: 60_000,
  });
  return data ?? { groups: [], tags: [] };
}

/** What a host is called, for a page that shows nothing else of it. */
export function useHostName(id: number) {
  const session = useSession();
  return useQuery({
    queryKey: [...hostKey(id), 'name'],
    queryFn: async ({ signal }) => (await session.request<{ name: string }>('GET', pathOf(id), { signal })).name,
    staleTime: 60_000,
  });
}

/** The first hosts whose name fits a search. */
export function useHostSearch(search: string, limit: number) {
  const session = useSession();
  return useQuery({
    queryKey: ['hostSearch', search, limit],
    queryFn: async ({ signal }) => (await session.request<FleetPage>('GET', `/api/v1/hosts${queryString({ search, limit, sort: 'name' })}`, { signal })).rows,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

export function useHostTokens(id: number) {
  const session = useSession();
  return useQuery({
    queryKey: tokensKey(id),
    queryFn: ({ signal }) => session.request<TokenInfo[]>('GET', `${pathOf(id)}/tokens`, { signal }),
    staleTime: 0,
  });
}

/** One more token; the others stay. */
export function useAddToken(id: number) {
  return useTokenChange(id, (session) => session.request<NewToken>('POST', `${pathOf(id)}/tokens`));
}

/** A new token; all others are dead at once. */
export function useReplaceTokens(id: number) {
  return useTokenChange(id, (session) => session.request<NewToken>('POST', `${pathOf(id)}/tokens/regenerate`));
}

export function useRevokeToken(id: number) {
  return useTokenChange(id, (session, tokenId: number) => session.request<void>('DELETE', `${pathOf(id)}/tokens/${tokenId}`));
}

export function useHostShares(id: number) {
  const session = useSession();
  return useQuery({
    queryKey: sharesKey(id),
    queryFn: ({ signal }) => session.request<HostShare[]>('GET', `${pathOf(id)}/shares`, { signal }),
    staleTime: 0,
  });
}

export function useShareHost(id: number) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ username, access }: { username: string; access: ShareAccess }) =>
      session.request<void>('PUT', `${pathOf(id)}/shares/${encodeURIComponent(username)}`, { body: { access } }),
    onSettled: () => cache.invalidateQueries({ queryKey: sharesKey(id) }),
  });
}

export function useUnshareHost(id: number) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (username: string) => session.request<void>('DELETE', `${pathOf(id)}/shares/${encodeURIComponent(username)}`),
    onSettled: () => cache.invalidateQueries({ queryKey: sharesKey(id) }),
  });
}

function useTokenChange<TResult, TArgument = void>(id: number, change: (session: ReturnType<typeof useSession>, argument: TArgument) => Promise<TResult>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (argument: TArgument) => change(session, argument),
    onSettled: () => cache.invalidateQueries({ queryKey: tokensKey(id) }),
  });
}
