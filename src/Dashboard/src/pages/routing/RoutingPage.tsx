import { useState } from 'react';
import { useChannels, useRouting, useSaveRouting } from '../../api/channels';
import { useRules } from '../../api/rules';
import type { Channel, Routing, Rule } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertsNavigation } from '../alerts/AlertsNavigation';
import { GroupingSection } from './GroupingSection';
import { RouteDialog } from './RouteDialog';
import { RouteItem } from './RouteItem';
import { maxRoutes, moveRoute, newRoute } from './routingForm';

const noChannels: Channel[] = [];
const noRules: Rule[] = [];

export function RoutingPage() {
  const { data: routing, error, refetch } = useRouting();
  useScrollToTop();
  useTitle('Routing');
  return (
    <>
      <AlertsNavigation />
      <div className="mx-auto max-w-6xl">
        <PageHeading title="Routing">Which alerts go to which channels, and how they are put together.</PageHeading>
        {routing ? <Settings routing={routing} /> : error ? <Notice title="The routing could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice> : <ListSkeleton rows={4} />}
      </div>
    </>
  );
}

function Settings({ routing }: { routing: Routing }) {
  const { data: list } = useChannels();
  const { data: rules = noRules } = useRules();
  const channels = list?.channels ?? noChannels;
  const save = useSaveRouting();
  const [edited, setEdited] = useState<number | 'new' | null>(null);
  const { routes } = routing;
  const put = (next: Routing['routes'], onSuccess?: () => void) => save.mutate({ ...routing, routes: next }, onSuccess && { onSuccess });
  const edit = (what: number | 'new') => {
    save.reset();
    setEdited(what);
  };
  return (
    <div className="space-y-4">
      <Panel
        title="Routes"
        aside={
          routes.length < maxRoutes && (
            <Button onClick={() => edit('new')}>
              <PlusIcon />
              New route
            </Button>
          )
        }
      >
        {routes.length === 0 ? (
          <p className="text-ink-soft">There are none, so every alert goes to every channel. With the first route, only what a route matches is told.</p>
        ) : (
          <>
            <p className="mb-2 text-ink-soft">They are looked at from the top; an alert goes wherever a route sends it. What none matches is told to nobody.</p>
            <ol className="divide-y divide-line">
              {routes.map((route, i) => (
                <RouteItem
                  key={i}
                  route={route}
                  place={i}
                  count={routes.length}
                  channels={channels}
                  rules={rules}
                  isBusy={save.isPending}
                  onEdit={() => edit(i)}
                  onMove={(to) => put(moveRoute(routes, i, to))}
                  onRemove={() => put(routes.filter((_, other) => other !== i))}
                />
              ))}
            </ol>
          </>
        )}
        {edited === null && (
          <div className="mt-3 empty:hidden">
            <FormError error={save.error} />
          </div>
        )}
      </Panel>
      <GroupingSection routing={routing} />
      {edited !== null && (
        <RouteDialog
          title={edited === 'new' ? 'New route' : `Route ${edited + 1}`}
          begin={edited === 'new' ? newRoute : (routes[edited] ?? newRoute)}
          channels={channels}
          rules={rules}
          isPending={save.isPending}
          error={save.error}
          onSave={(route) => put(edited === 'new' ? [...routes, route] : routes.map((each, i) => (i === edited ? route : each)), () => setEdited(null))}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  );
}
