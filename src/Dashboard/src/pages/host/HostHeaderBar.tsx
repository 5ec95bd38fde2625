import { Link } from 'wouter';
import { HostLabels } from '../../components/HostLabels';
import { BackIcon, GearIcon } from '../../components/icons';
import { RelativeTime } from '../../components/RelativeTime';
import { StatusBadge } from '../../components/StatusBadge';
import type { HostHeader } from '../../live/Live';
import { useLastHeard } from '../../live/useLastHeard';
import { HostFacts } from './HostFacts';
import { HostFiring } from './HostFiring';

export function HostHeaderBar({ host }: { host: HostHeader }) {
  const lastHeard = useLastHeard(host.id, host.lastSeen);
  return (
    <div className="mb-4">
      <div className="flex items-center justify-between gap-3">
        <Link href="/" className="-ml-2 inline-flex h-10 items-center gap-1 rounded-lg px-2 text-ink-soft hover:text-ink">
          <BackIcon className="size-3.5" />
          Hosts
        </Link>
        <Link href={`/hosts/${host.id}/settings`} className="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3.5 hover:bg-raised">
          <GearIcon />
          Settings
        </Link>
      </div>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words">{host.name}</h1>
        <span data-testid="status" data-status={host.status}>
          <StatusBadge status={host.status} chip />
        </span>
        <HostFiring id={host.id} />
        <span className="text-ink-soft">
          {lastHeard === null ? 'never seen' : <>last seen <RelativeTime at={lastHeard} /></>}
        </span>
        <HostLabels group={host.group} tags={host.tags} access={host.access} />
      </div>
      <HostFacts host={host} />
    </div>
  );
}
