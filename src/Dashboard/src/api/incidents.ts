import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentKey, incidentsKey, incidentsKeys } from '../live/keys';
import { useSession } from '../session/SessionContext';
import type { Incident, IncidentPage, IncidentQuery, IncidentStory } from './alertTypes';

const pathOf = (id: string) => `/api/v1/incidents/${encodeURIComponent(id)}`;

function incidentsPath({ state = [], severity = [], ...rest }: IncidentQuery): string {
  const params = new URLSearchParams();
  for (const each of state) params.append('state', each);
  for (const each of severity) params.append('severity', each);
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) params.set(name, value.toString());
  const text = params.toString();
  return `/api/v1/incidents${text && `?${text}`}`;
}

/** A page of incidents, newest first. What changes is said by the hub (`Live`), and asked for again. */
export function useIncidents(query: IncidentQuery) {
  const session = useSession();
  return useQuery({
    queryKey: incidentsKey(query),
    queryFn: ({ signal }) => session.request<IncidentPage>('GET', incidentsPath(query), { signal }),
    placeholderData: keepPreviousData,
    // What nobody looks at is not asked for again when it changes.
    refetchOnMount: 'always',
    gcTime: 60_000,
  });
}

/** How many alerts wait for somebody. */
export function useOpenCount(): number {
  const { data } = useIncidents({ state: ['open'], limit: 1 });
  return data?.counts.open ?? 0;
}

export function useIncident(id: string) {
  const session = useSession();
  return useQuery({
    queryKey: incidentKey(id),
    queryFn: ({ signal }) => session.request<IncidentStory>('GET', pathOf(id), { signal }),
    refetchOnMount: 'always',
  });
}

export type Acknowledgement = 'acknowledge' | 'unacknowledge';

export function useAcknowledge() {
  return useIncidentChange((session, { id, change }: { id: string; change: Acknowledgement }) => session.request<IncidentStory>('POST', `${pathOf(id)}/${change}`));
}

export function useComment() {
  return useIncidentChange((session, { id, text }: { id: string; text: string }) => session.request<IncidentStory>('POST', `${pathOf(id)}/comments`, { body: { text } }));
}

/** The answer is what the incident is now, which the page shows before the hub says anything. */
function useIncidentChange<T>(change: (session: ReturnType<typeof useSession>, argument: T) => Promise<IncidentStory>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (argument: T) => change(session, argument),
    onSuccess: (story) => {
      cache.setQueryData<IncidentStory>(incidentKey(story.id), story);
      cache.setQueriesData<IncidentPage>({ queryKey: incidentsKeys }, (page) => page && withIncident(page, story));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: incidentsKeys }),
  });
}

/** A page on which one incident is as it is now. It keeps its place until the page is asked for again. */
export function withIncident(page: IncidentPage, incident: Incident): IncidentPage {
  return { ...page, incidents: page.incidents.map((each) => (each.id === incident.id ? incident : each)) };
}
