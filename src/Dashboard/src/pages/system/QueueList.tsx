import type { Cluster } from '../../api/clusterTypes';
import { Meter } from '../../components/Meter';
import { queueRowsOf } from '../../lib/clusterView';
import { formatBytes } from '../../lib/format';

/** What waits, and how much may. */
export function QueueList({ cluster }: { cluster: Cluster }) {
  return (
    <dl className="divide-y divide-line">
      {queueRowsOf(cluster).map(({ key, name, where, waiting, bound, isBytes }) => {
        const format = (value: number) => (isBytes ? formatBytes(value) : value.toLocaleString('en'));
        return (
          <div key={key} className="py-2 first:pt-0 last:pb-0">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <dt>
                {name}
                {where && <span className="ml-2 text-[13px] text-ink-soft">{where}</span>}
              </dt>
              <dd>
                <span className="font-medium">{format(waiting)}</span>
                {bound !== null && <span className="text-[13px] text-ink-soft"> of {format(bound)}</span>}
              </dd>
            </div>
            {bound !== null && <Meter percent={(waiting / bound) * 100} className="mt-1.5" />}
          </div>
        );
      })}
    </dl>
  );
}
