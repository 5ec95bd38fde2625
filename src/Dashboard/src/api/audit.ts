import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { queryString } from '../lib/queryString';
import { useSession } from '../session/SessionContext';
import type { AuditPage, AuditQuery } from './types';

export function useAudit(query: AuditQuery) {
  const session = useSession();
  return useQuery({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => session.request<AuditPage>('GET', `/api/v1/audit${queryString({ ...query })}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}
