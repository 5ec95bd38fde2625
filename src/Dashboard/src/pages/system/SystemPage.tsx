import { useCluster } from '../../api/cluster';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { RelativeTime } from '../../components/RelativeTime';
import { clusterInWords } from '../../lib/clusterView';
import { formatMoment, plural } from '../../lib/format';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { useTitle } from '../../lib/useTitle';
import { ActivationTable } from './ActivationTable';
import { MemberCards } from './MemberCards';
import { MemberTable } from './MemberTable';
import { QueueList } from './QueueList';
import { StorageFacts } from './StorageFacts';
import { SystemTiles } from './SystemTiles';

/** How the server itself is: its processes, what they hold, and what waits. */
export function SystemPage() {
  const { data: cluster, error, refetch } = useCluster();
  const isWide = useMediaQuery('(min-width: 1024px)');
  useTitle('System');
  if (!cluster) {
    return (
      <>
        <PageHeading title="System" />
        {error ? <Notice title="How the server is could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice> : <ListSkeleton rows={6} />}
      </>
    );
  }

  const gone = cluster.members.filter((member) => member.state === 'gone');
  return (
    <>
      <PageHeading title="System">{clusterInWords(cluster)}</PageHeading>
      <div className="space-y-3 *:last:mb-4">
        {error && (
          <Notice role="note" title="This is not up to date" action="Try again" onAction={() => void refetch()}>
            As it was <RelativeTime at={Date.parse(cluster.at)} />. {error.message}
          </Notice>
        )}
        {!cluster.storage.isReachable && (
          <Notice title="PostgreSQL cannot be reached from the process that answers">
            {cluster.storage.awaySince && `Since ${formatMoment(cluster.storage.awaySince)}. `}
            Reports are refused until it is back, and agents keep theirs. How the other processes are is not known meanwhile.
          </Notice>
        )}
        {gone.length > 0 && (
          <Notice role="note" title={`${plural(gone.length, 'process is', 'processes are')} gone: ${gone.map((member) => member.name).join(', ')}`}>
            Not heard for 10 s, and not stopped in order either. Listed for an hour.
          </Notice>
        )}
      </div>
      <SystemTiles cluster={cluster} />
      <div className="space-y-4">
        <Panel title="Processes">{isWide ? <MemberTable cluster={cluster} /> : <MemberCards cluster={cluster} />}</Panel>
        <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
          <Panel title="Grains in memory">
            <ActivationTable cluster={cluster} />
          </Panel>
          <Panel title="Waiting">
            <QueueList cluster={cluster} />
          </Panel>
          <Panel title="Storage">
            <StorageFacts storage={cluster.storage} />
          </Panel>
        </div>
      </div>
    </>
  );
}
