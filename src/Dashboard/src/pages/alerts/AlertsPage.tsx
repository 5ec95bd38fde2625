import { Link, useSearchParams } from 'wouter';
import { useIncidents } from '../../api/incidents';
import type { IncidentPage } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { FormError } from '../../components/FormError';
import { BackIcon, ForwardIcon, OnlineIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { alertsPath, defaultAlertsState, formatAlertsState, isNarrowed, parseAlertsState, toIncidentQuery, type AlertsState } from '../../lib/alertsQuery';
import { plural } from '../../lib/format';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertFilters } from './AlertFilters';
import { AlertsNavigation } from './AlertsNavigation';
import { IncidentCards } from './IncidentCards';
import { IncidentTable } from './IncidentTable';
import { useIncidentActions } from './useIncidentActions';

export function AlertsPage() {
  const [params, setParams] = useSearchParams();
  const state = parseAlertsState(params);
  const { data: page, error, refetch, isPlaceholderData } = useIncidents(toIncidentQuery(state));
  const actions = useIncidentActions();
  const isWide = useMediaQuery('(min-width: 1024px)');
  useScrollToTop();
  useTitle(page && page.counts.open > 0 ? plural(page.counts.open, 'open alert', 'open alerts') : 'Alerts');

  const change = (next: Partial<AlertsState>) => {
    setParams(new URLSearchParams(formatAlertsState({ ...state, after: '', ...next })), { replace: next.text !== undefined });
    if (next.after !== undefined) scrollTo(0, 0);
  };
  const content = () => {
    if (!page) {
      if (error) return <Notice title="The alerts could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={6} />;
    }

    return (
      <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`} aria-busy={isPlaceholderData}>
        {page.incidents.length === 0 ? (
          <NoAlerts state={state} counts={page.counts} onChange={change} />
        ) : isWide ? (
          <IncidentTable incidents={page.incidents} onAct={actions.act} />
        ) : (
          <IncidentCards incidents={page.incidents} onAct={actions.act} />
        )}
        {(state.after !== '' || page.next !== null) && (
          <nav aria-label="Pages of alerts" className="mt-4 flex justify-end gap-2">
            <Button disabled={state.after === ''} onClick={() => change({ after: '' })}>
              <BackIcon />
              Newest
            </Button>
            <Button disabled={page.next === null} onClick={() => change({ after: page.next ?? '' })}>
              Older
              <ForwardIcon />
            </Button>
          </nav>
        )}
      </div>
    );
  };

  return (
    <>
      <AlertsNavigation />
      <h1 className="sr-only">Alerts</h1>
      <AlertFilters state={state} counts={page?.counts} onChange={change} />
      <div className="mb-4 empty:hidden">
        <FormError error={actions.error} />
      </div>
      {content()}
      {actions.dialog}
    </>
  );
}

function NoAlerts({ state, counts, onChange }: { state: AlertsState; counts: IncidentPage['counts']; onChange: (next: Partial<AlertsState>) => void }) {
  if (state.after !== '') return <EmptyState title="No more alerts" action={<Button onClick={() => onChange({ after: '' })}>Show the newest</Button>} />;
  if (isNarrowed(state)) {
    return (
      <EmptyState title="No alert fits" action={<Button onClick={() => onChange({ ...defaultAlertsState, show: state.show })}>Clear filters</Button>}>
        Try another search, or fewer filters.
      </EmptyState>
    );
  }

  switch (state.show) {
    case 'open':
      return (
        <EmptyState
          title="All is well"
          action={
            counts.acknowledged > 0 && (
              <Link href={alertsPath({ show: 'acknowledged' })} className="font-medium text-accent-ink underline underline-offset-2">
                {counts.acknowledged === 1 ? 'Show the one that is acknowledged' : `Show the ${counts.acknowledged} that are acknowledged`}
              </Link>
            )
          }
        >
          <p className="flex items-center justify-center gap-2">
            <OnlineIcon className="size-5 text-good" />
            {counts.acknowledged > 0 ? 'No alert waits for somebody to take it up.' : 'No alert is open.'}
          </p>
        </EmptyState>
      );
    case 'acknowledged':
      return <EmptyState title="Nothing is acknowledged">Alerts that somebody has taken up are here until they are over.</EmptyState>;
    case 'resolved':
      return <EmptyState title="Nothing has happened yet">Alerts that are over are kept here with their story.</EmptyState>;
    case 'all':
      return <EmptyState title="No alerts yet">Whenever a rule is broken, it will be here with its whole story.</EmptyState>;
  }
}
