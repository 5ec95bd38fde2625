import { useState } from 'react';
import { Link } from 'wouter';
import { HostLabels } from '../../components/HostLabels';
import { BackIcon } from '../../components/icons';
import { Notice } from '../../components/Notice';
import { PageSkeleton } from '../../components/PageSkeleton';
import { Panel } from '../../components/Panel';
import { formatDate } from '../../lib/format';
import { isHostId } from '../../lib/hostId';
import { accessNames } from '../../lib/roleNames';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import type { HostHeader } from '../../live/Live';
import { NotFoundError } from '../../live/NotFoundError';
import { useHost } from '../../live/useHost';
import { useAccount } from '../../session/SessionContext';
import { HostGonePage } from '../HostGonePage';
import { NotFoundPage } from '../NotFoundPage';
import { DeleteSection } from './DeleteSection';
import { GeneralSection } from './GeneralSection';
import { LeaveSection } from './LeaveSection';
import { SharingSection } from './SharingSection';
import { TokensSection } from './TokensSection';

export function HostSettingsPage({ id: text }: { id: string }) {
  return isHostId(text) ? <KnownHostSettingsPage id={Number(text)} /> : <NotFoundPage what="host" />;
}

function KnownHostSettingsPage({ id }: { id: number }) {
  const { data: host, error, refetch } = useHost(id);
  // Who deletes the host or gives it up need not be told that it is gone.
  const [isLeaving, setLeaving] = useState(false);
  useScrollToTop();
  useTitle(host ? `Settings of ${host.name}` : '');

  if (error instanceof NotFoundError && !isLeaving) return host ? <HostGonePage name={host.name} /> : <NotFoundPage what="host" />;
  if (!host) {
    if (error) return <Notice title="This host could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return <PageSkeleton />;
  }

  return <Settings host={host} onLeaving={setLeaving} />;
}

function Settings({ host, onLeaving }: { host: HostHeader; onLeaving: (isLeaving: boolean) => void }) {
  const account = useAccount();
  const mayChange = host.access !== 'read';
  const mayManage = host.access === 'owner';
  return (
    <div className="mx-auto max-w-4xl">
      <Link href={`/hosts/${host.id}`} className="-ml-2 inline-flex h-10 max-w-full items-center gap-1 rounded-lg px-2 text-ink-soft hover:text-ink">
        <BackIcon className="size-3.5" />
        <span className="truncate">{host.name}</span>
      </Link>
      <h1 className="mt-1 mb-5 text-2xl font-semibold tracking-tight">Settings</h1>
      <div className="space-y-4">
        <Panel title="Access">
          <dl className="flex flex-wrap gap-x-8 gap-y-2">
            <Fact name="Owner">{host.owner ? (host.owner.id === account.id ? `${host.owner.username} (you)` : host.owner.username) : 'nobody'}</Fact>
            <Fact name="Your access">{account.role === 'administrator' && host.owner?.id !== account.id ? 'Administrator: everything' : accessNames[host.access]}</Fact>
            {host.createdAt !== null && <Fact name="Added">{formatDate(host.createdAt)}</Fact>}
            <Fact name="Host id">{host.id}</Fact>
          </dl>
          {!mayChange && <HostLabels group={host.group} tags={host.tags} access="owner" className="mt-3" />}
        </Panel>
        {mayChange && <GeneralSection host={host} />}
        {mayChange && <TokensSection host={host} />}
        {mayManage && <SharingSection host={host} />}
        {!mayManage && <LeaveSection host={host} onLeaving={onLeaving} />}
        {mayManage && <DeleteSection host={host} onLeaving={onLeaving} />}
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: string | number }) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
