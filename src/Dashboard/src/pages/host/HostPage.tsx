import { Notice } from '../../components/Notice';
import { isHostId } from '../../lib/hostId';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { NotFoundError } from '../../live/NotFoundError';
import { useHost } from '../../live/useHost';
import { HostGonePage } from '../HostGonePage';
import { NotFoundPage } from '../NotFoundPage';
import { CountsSection } from './CountsSection';
import { CpuSection } from './CpuSection';
import { DiskSpaceSection } from './DiskSpaceSection';
import { FrequencySection } from './FrequencySection';
import { HostHeaderBar } from './HostHeaderBar';
import { HostNotices } from './HostNotices';
import { HostPageSkeleton } from './HostPageSkeleton';
import { LoadSection } from './LoadSection';
import { MemorySection } from './MemorySection';
import { OtherSeries } from './OtherSeries';
import { StatTiles } from './StatTiles';
import { TrafficSection } from './TrafficSection';
import { diskPair, networkPair } from './chartLines';

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
          {/* Two in a row where there is room; one that is left over takes the whole width. */}
          <div className="flex flex-wrap gap-3 *:grow *:basis-full sm:gap-4 lg:*:basis-[30rem]">
            <CpuSection id={id} />
            <MemorySection id={id} />
            <TrafficSection id={id} title="Network" pair={networkPair} each="Each interface" many="interfaces" />
            <TrafficSection id={id} title="Disk activity" pair={diskPair} each="Each disk" many="disks" />
            <DiskSpaceSection id={id} />
            <LoadSection id={id} />
            {/* The small ones share a row, as many as this host reports. */}
            <div className="flex flex-wrap gap-3 basis-full! *:grow *:basis-80 empty:hidden sm:gap-4">
              <CountsSection id={id} />
              <FrequencySection id={id} />
            </div>
            <OtherSeries id={id} />
          </div>
        </>
      )}
    </>
  );
}
