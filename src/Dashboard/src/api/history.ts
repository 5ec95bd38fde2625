import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { TimeWindow } from '../lib/timeRange';
import { hostKey } from '../live/keys';
import { saveFile } from '../lib/saveFile';
import { useSession } from '../session/SessionContext';
import type { CatalogueSeries, FleetHistory, History } from './types';

/** At most so many points of a series: two pixels each in a chart of half a page. */
const points = 400;

/** A picture that was left is soon out of date, and a moving range leaves many behind. */
const gcTime = 60_000;

/** What a picture was made for stays with it: while the next one is on its way, it is still shown over its own time. */
type OverTime<T> = T & { window: TimeWindow };

export function historyPath(path: string, window: TimeWindow, values: Record<string, readonly (string | number)[]>): string {
  const params = new URLSearchParams();
  for (const [name, all] of Object.entries(values)) for (const value of all) params.append(name, value.toString());
  params.set('from', new Date(window.from).toISOString());
  params.set('to', new Date(window.to).toISOString());
  return `${path}?${params.toString()}`;
}

/** Every series a host has or had, by name. */
export function useSeriesCatalogue(id: number, isWanted = true) {
  const session = useSession();
  return useQuery({
    queryKey: [...hostKey(id), 'series'],
    queryFn: async ({ signal }) => (await session.request<{ series: CatalogueSeries[] }>('GET', `/api/v1/hosts/${id}/series`, { signal })).series,
    enabled: isWanted,
    staleTime: 60_000,
  });
}

/** Some series of a host. Below the host's own key, so that what renews the host after an outage renews this as well. */
export function useHistory(id: number, selectors: readonly string[], window: TimeWindow) {
  const session = useSession();
  return useQuery({
    queryKey: [...hostKey(id), 'history', selectors, window],
    queryFn: async ({ signal }): Promise<OverTime<History> & { selectors: readonly string[] }> => {
      const path = historyPath(`/api/v1/hosts/${id}/history`, window, { series: selectors, points: [points] });
      return { ...(await session.request<History>('GET', path, { signal })), window, selectors };
    },
    // Another time of the same series: the old picture stays until the new one is there. Other series would be a wrong picture.
    placeholderData: (previous) => (previous && isSame(previous.selectors, selectors) ? previous : undefined),
    enabled: selectors.length > 0,
    gcTime,
  });
}

/** One metric of several hosts. */
export function useComparison(hosts: readonly number[], selector: string, window: TimeWindow) {
  const session = useSession();
  return useQuery({
    queryKey: ['comparison', selector, hosts, window],
    queryFn: async ({ signal }): Promise<OverTime<FleetHistory>> => {
      const path = historyPath('/api/v1/history', window, { host: hosts, series: [selector], points: [points] });
      return { ...(await session.request<FleetHistory>('GET', path, { signal })), window };
    },
    placeholderData: keepPreviousData,
    gcTime,
  });
}

/** Fetches a file of values and saves it. */
export function useCsvExport() {
  const session = useSession();
  return useMutation({
    mutationFn: async (path: string) => saveFile(await session.download(`${path}&format=csv`, 'text/csv')),
  });
}

const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((text, i) => text === b[i]);
