import type { FleetCounts, HostStatus } from '../../api/types';
import { StatusBadge } from '../../components/StatusBadge';
import { statuses } from '../../lib/fleetQuery';

/** How the fleet is, and the filter by status in one. */
export function FleetCounters({ counts, selected, onSelect }: { counts: FleetCounts; selected: HostStatus | null; onSelect: (status: HostStatus | null) => void }) {
  const choices = [null, ...statuses];
  return (
    <div role="group" aria-label="Filter by status" className="mb-4 grid grid-cols-5 gap-1.5 sm:gap-3">
      {choices.map((status) => {
        const count = status === null ? counts.total : counts[status];
        return (
          <button
            key={status ?? 'all'}
            type="button"
            aria-pressed={status === selected}
            onClick={() => onSelect(status === selected ? null : status)}
            className="flex min-w-0 flex-col items-center rounded-xl border border-line bg-surface px-1 py-2.5 shadow-(--shadow) transition-colors hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft sm:items-start sm:px-4 sm:py-3"
          >
            <span className={`text-xl leading-tight font-semibold sm:text-2xl ${count === 0 ? 'text-ink-faint' : ''}`}>{count.toLocaleString('en')}</span>
            <span className="text-xs sm:mt-0.5 sm:text-[13px] max-sm:[&_svg]:hidden">
              {status === null ? <span className="font-medium text-ink-soft">{counts.total === 1 ? 'Host' : 'Hosts'}</span> : <StatusBadge status={status} />}
            </span>
          </button>
        );
      })}
    </div>
  );
}
