import type { Cluster } from '../../api/clusterTypes';
import { StatTile } from '../../components/StatTile';
import { totalsOf } from '../../lib/clusterView';
import { formatBytes, formatNumber, noValue, plural } from '../../lib/format';

/** The numbers somebody opens the page for. */
export function SystemTiles({ cluster }: { cluster: Cluster }) {
  const { reportsPerSecond, activations, silos, liveConnections } = totalsOf(cluster.members);
  const { storage } = cluster;
  const gone = cluster.members.filter((member) => member.state === 'gone').length;
  const active = cluster.members.filter((member) => member.state === 'active').length;
  const database = () => {
    if (storage.kind === 'sqlite') return 'SQLite';
    if (!storage.isReachable) return 'PostgreSQL cannot be reached';
    return storage.milliseconds === null ? 'PostgreSQL' : `PostgreSQL answers in ${storage.milliseconds.toFixed(1)} ms`;
  };
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5 max-lg:*:last:col-span-2">
      <StatTile
        name="Processes"
        value={
          <>
            {active}
            {gone > 0 && <span className="ml-2 text-[17px] text-bad">{gone} gone</span>}
          </>
        }
        detail={['active']}
      />
      <StatTile name="Reports" value={reportsPerSecond === null ? noValue : `${formatNumber(reportsPerSecond)}/s`} detail={['stored, from agents']} />
      <StatTile name="Activations" value={activations?.toLocaleString('en') ?? noValue} detail={[plural(silos, 'silo', 'silos')]} />
      <StatTile name="Open pages" value={liveConnections ?? noValue} detail={['of the dashboard']} />
      <StatTile name="Storage" value={formatBytes(storage.history?.totalBytes)} detail={[database()]} />
    </div>
  );
}
