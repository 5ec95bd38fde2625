import { Link } from 'wouter';
import { useIncidents } from '../../api/incidents';
import { FormError } from '../../components/FormError';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { alertsPath } from '../../lib/alertsQuery';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { IncidentCards } from '../alerts/IncidentCards';
import { IncidentTable } from '../alerts/IncidentTable';
import { useIncidentActions } from '../alerts/useIncidentActions';

/** So many of the newest are shown; the alerts page has the others. */
const shown = 5;

/** What fired on this host lately. */
export function HostAlerts({ id }: { id: number }) {
  const { data: page, error, refetch } = useIncidents({ host: id, limit: shown });
  const actions = useIncidentActions();
  const isWide = useMediaQuery('(min-width: 1024px)');
  return (
    <section aria-label="Alerts" className="mt-6">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4">
        <h2 className="text-[15px] font-semibold">Recent alerts</h2>
        <Link href={alertsPath({ show: 'all', host: id })} className="inline-flex h-10 items-center text-accent-ink underline-offset-2 hover:underline">
          All alerts of this host
        </Link>
      </div>
      <div className="mb-3 empty:hidden">
        <FormError error={actions.error} />
      </div>
      {!page ? (
        error ? (
          <LoadError what="The alerts" error={error} onRetry={() => void refetch()} />
        ) : (
          <ListSkeleton rows={2} />
        )
      ) : page.incidents.length === 0 ? (
        <p className="rounded-xl border border-line bg-surface p-4 text-ink-soft">Nothing has fired on this host.</p>
      ) : isWide ? (
        <IncidentTable incidents={page.incidents} hasHost={false} onAct={actions.act} />
      ) : (
        <IncidentCards incidents={page.incidents} hasHost={false} onAct={actions.act} />
      )}
      {actions.dialog}
    </section>
  );
}
