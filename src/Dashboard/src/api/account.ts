import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../session/SessionContext';
import type { EnrolmentTerms, EnrolmentToken, NewEnrolmentToken, SessionInfo } from './types';

const sessionsKey = ['account', 'sessions'] as const;
const enrolmentsKey = ['account', 'enrolmentTokens'] as const;

export function useChangePassword() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) => session.request<void>('POST', '/api/v1/account/password', { body }),
    // All other sessions have ended with it.
    onSuccess: () => cache.invalidateQueries({ queryKey: sessionsKey }),
  });
}

export function useSessions() {
  const session = useSession();
  return useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => session.request<SessionInfo[]>('GET', '/api/v1/account/sessions', { signal }),
    staleTime: 0,
  });
}

export function useEndSession() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => session.request<void>('DELETE', `/api/v1/account/sessions/${encodeURIComponent(id)}`),
    onSettled: () => cache.invalidateQueries({ queryKey: sessionsKey }),
  });
}

export function useEnrolmentTokens() {
  const session = useSession();
  return useQuery({
    queryKey: enrolmentsKey,
    queryFn: ({ signal }) => session.request<EnrolmentToken[]>('GET', '/api/v1/account/enrolment-tokens', { signal }),
    staleTime: 0,
  });
}

export function useAddEnrolmentToken() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: EnrolmentTerms) => session.request<NewEnrolmentToken>('POST', '/api/v1/account/enrolment-tokens', { body }),
    onSettled: () => cache.invalidateQueries({ queryKey: enrolmentsKey }),
  });
}

export function useRevokeEnrolmentToken() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => session.request<void>('DELETE', `/api/v1/account/enrolment-tokens/${id}`),
    onSettled: () => cache.invalidateQueries({ queryKey: enrolmentsKey }),
  });
}
