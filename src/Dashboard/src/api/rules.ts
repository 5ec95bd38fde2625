import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useSession } from '../session/SessionContext';
import type { Rule, RuleBody, RulePreview } from './alertTypes';

const rulesKey = ['alertRules'] as const;
const pathOf = (id: number) => `/api/v1/alerts/rules/${id}`;

export function useRules() {
  const session = useSession();
  return useQuery({
    queryKey: rulesKey,
    queryFn: async ({ signal }) => (await session.request<{ rules: Rule[] }>('GET', '/api/v1/alerts/rules', { signal })).rules,
    staleTime: 0,
  });
}

export function useRule(id: number) {
  const session = useSession();
  return useQuery({
    queryKey: [...rulesKey, id],
    queryFn: ({ signal }) => session.request<Rule>('GET', pathOf(id), { signal }),
    refetchOnMount: 'always',
  });
}

/** A new rule, or what takes the place of the one with this id. */
export function useSaveRule(id: number | null) {
  return useRuleChange((session, body: RuleBody) => (id === null ? session.request<Rule>('POST', '/api/v1/alerts/rules', { body }) : session.request<Rule>('PUT', pathOf(id), { body })));
}

export function useSwitchRule() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: number; enabled: boolean }) => session.request<Rule>('PATCH', pathOf(id), { body: { enabled } }),
    // A switch that waits for the server feels broken.
    onMutate: ({ id, enabled }) => cache.setQueryData<Rule[]>(rulesKey, (rules) => rules?.map((rule) => (rule.id === id ? { ...rule, enabled } : rule))),
    onSettled: () => renew(cache),
  });
}

export function useDeleteRule() {
  return useRuleChange((session, id: number) => session.request<void>('DELETE', pathOf(id)));
}

export function useRestoreDefaults() {
  return useRuleChange((session) => session.request<unknown>('POST', '/api/v1/alerts/rules/restore-defaults'));
}

/** What a rule would have done to a host since then. Null as long as there is nothing to ask. */
export function useRulePreview(asked: { rule: RuleBody; hostId: number; from: string } | null) {
  const session = useSession();
  return useQuery({
    queryKey: ['rulePreview', asked],
    queryFn: ({ signal }) => session.request<RulePreview>('POST', '/api/v1/alerts/rules/preview', { body: asked, signal }),
    enabled: asked !== null,
    // The same host: the old picture stays until the new one is there.
    placeholderData: (previous) => (previous?.hostId === asked?.hostId ? previous : undefined),
    gcTime: 60_000,
    staleTime: 60_000,
    retry: false,
  });
}

function useRuleChange<TResult, TArgument = void>(change: (session: ReturnType<typeof useSession>, argument: TArgument) => Promise<TResult>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({ mutationFn: (argument: TArgument) => change(session, argument), onSettled: () => renew(cache) });
}

const renew = (cache: QueryClient) => cache.invalidateQueries({ queryKey: rulesKey });
