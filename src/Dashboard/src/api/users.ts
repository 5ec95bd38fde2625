import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryString } from '../lib/queryString';
import { useSession } from '../session/SessionContext';
import type { Account, NewUser, OrphanedHosts, Role, UserPage, UserQuery } from './types';

const usersKey = ['users'] as const;

export function useUsers(query: UserQuery) {
  const session = useSession();
  return useQuery({
    queryKey: [...usersKey, query],
    queryFn: ({ signal }) => session.request<UserPage>('GET', `/api/v1/users${queryString({ ...query })}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useAddUser() {
  return useUserChange((session, body: { username: string; password?: string; role: Role }) => session.request<NewUser>('POST', '/api/v1/users', { body }));
}

export function useChangeUser(id: number) {
  return useUserChange((session, body: { role?: Role; isDisabled?: boolean }) => session.request<Account>('PATCH', `/api/v1/users/${id}`, { body }));
}

/** Without a password the server makes one up and answers with it. */
export function useResetPassword(id: number) {
  return useUserChange((session, body: { password?: string }) => session.request<{ password?: string }>('POST', `/api/v1/users/${id}/password`, { body }));
}

export function useDeleteUser(id: number) {
  return useUserChange((session, hosts: OrphanedHosts) => session.request<void>('DELETE', `/api/v1/users/${id}?hosts=${hosts}`));
}

function useUserChange<TArgument, TResult>(change: (session: ReturnType<typeof useSession>, argument: TArgument) => Promise<TResult>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (argument: TArgument) => change(session, argument),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: usersKey });
      // It may have been one's own account.
      void session.check();
    },
  });
}
