import { Notice } from '../../components/Notice';
import { isHostId } from '../../lib/hostId';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { NotFoundError } from '../../live/NotFoundError';
import { useHost } from '../../live/useHost';
import { HostGonePage } from '../HostGonePage';
import { NotFoundPage } from '../NotFoundPage';
import { HostAlerts } from './HostAlerts';
import { HostCharts } from './HostCharts';
import { HostHeaderBar } from './HostHeaderBar';
import { HostNotices } from './HostNotices';
import { HostPageSkeleton } from './HostPageSkeleton';
import { StatTiles } from './StatTiles';

export function HostPage({ id: text }: { id: string }) {
  const id = Number(text);
  return isHostId(text) ? <KnownHostPage id={id} /> : <NotFoundPage what="host" />;
}

function KnownHostPage({ id }: { id: number }) {
  const { data: host, error, refetch } = useHost(id);
  useScrollToTop();
  useTitle(host ? `${host.name} ${host.status}` : '');

  if (error instanceof NotFoundError) return host ? <HostGonePage name={host.name} /> : <NotFoundPage what="host" />;
  if (!host) {
    if (error) return <Notice title="This host could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return <HostPageSkeleton />;
  }

  return (
    <>
      <HostHeaderBar host={host} />
      <HostNotices host={host} />
      {host.status !== 'pending' && (
        <>
          <StatTiles id={id} />
          <HostCharts id={id} />
          <HostAlerts id={id} />
        </>
      )}
    </>
  );
}
