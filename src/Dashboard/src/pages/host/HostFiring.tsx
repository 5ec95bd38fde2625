import { Link } from 'wouter';
import { useIncidents } from '../../api/incidents';
import { FiringBadge } from '../../components/SeverityBadge';
import { alertsPath } from '../../lib/alertsQuery';
import { severities } from '../../lib/alertWords';

/** Enough to know the worst of them. */
const looked = 20;

/** How many alerts of the host are open or acknowledged; leads to them. */
export function HostFiring({ id }: { id: number }) {
  const { data: page } = useIncidents({ host: id, state: ['active'], limit: looked });
  const firing = page ? page.counts.open + page.counts.acknowledged : 0;
  if (firing === 0) return null;
  const severity = severities.find((each) => page?.incidents.some((incident) => incident.severity === each));
  return (
    <Link href={alertsPath({ show: page?.counts.open === 0 ? 'acknowledged' : 'open', host: id })} className="rounded-full">
      <FiringBadge firing={firing} severity={severity} />
    </Link>
  );
}
