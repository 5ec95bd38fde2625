import { memo } from 'react';
import type { HostRow } from '../../api/types';
import { HostLabels } from '../../components/HostLabels';
import { DownIcon, UpIcon } from '../../components/icons';
import { Meter } from '../../components/Meter';
import { PercentText } from '../../components/PercentText';
import { RelativeTime } from '../../components/RelativeTime';
import { FiringBadge } from '../../components/SeverityBadge';
import { Sparkline } from '../../components/Sparkline';
import { StatusBadge } from '../../components/StatusBadge';
import { formatByteRate } from '../../lib/format';
import { HostName, type Picking } from './HostName';

/** Values of a host that does not report stay readable, but lose their colour. */
const isStale = (row: HostRow) => row.status === 'offline' || row.status === 'pending';

/** One and the same for all, so that an unchanged card is not drawn again. */
const noHistory: never[] = [];

export const HostCard = memo(function HostCard({ row, picking, as: Element = 'li' }: { row: HostRow; picking: Picking | null; as?: 'li' | 'div' }) {
  return (
    <Element
      data-testid="host-row"
      data-host-id={row.id}
      data-status={row.status}
      className="relative flex h-full flex-col rounded-xl border border-line bg-surface p-4 shadow-(--shadow) transition-colors focus-within:border-accent hover:border-line-strong"
    >
      <div className="flex items-baseline justify-between gap-3">
        <HostName row={row} picking={picking} className="min-w-0 text-[15px] after:rounded-xl" />
        <span className="flex shrink-0 items-center gap-2">
          <FiringBadge firing={row.firing} severity={row.severity} />
          <StatusBadge status={row.status} />
        </span>
      </div>
      <HostLabels group={row.group} tags={row.tags} access={row.access} most={3} className="mt-1.5" />
      <div className={`mt-3 flex grow flex-col justify-end ${isStale(row) ? 'grayscale' : ''}`}>
        <dl className="space-y-1.5">
          <Gauge name="CPU" percent={row.cpuPercent} testId="cpu" />
          <div className="py-1" title="CPU over the last 15 minutes">
            <Sparkline values={row.cpuSpark ?? noHistory} className="h-10 w-full border-b border-line" />
          </div>
          <Gauge name="Memory" percent={row.memoryPercent} />
          <Gauge name="Disk" percent={row.diskPercent} />
        </dl>
      </div>
      <div className="mt-3 flex items-center justify-between gap-2 border-t border-line pt-2.5 text-[13px] text-ink-soft">
        <span className="flex min-w-0 flex-wrap gap-x-3">
          <span className="inline-flex items-center gap-1 whitespace-nowrap" title="Received">
            <DownIcon className="size-3.5" />
            <span className="sr-only">Received</span>
            {formatByteRate(row.rxBytesPerSecond)}
          </span>
          <span className="inline-flex items-center gap-1 whitespace-nowrap" title="Sent">
            <UpIcon className="size-3.5" />
            <span className="sr-only">Sent</span>
            {formatByteRate(row.txBytesPerSecond)}
          </span>
        </span>
        <span className="whitespace-nowrap">
          <RelativeTime at={row.lastSeen === null ? null : Date.parse(row.lastSeen)} never="never seen" />
        </span>
      </div>
    </Element>
  );
});

function Gauge({ name, percent, testId }: { name: string; percent: number | null; testId?: string }) {
  return (
    <div className="grid grid-cols-[4rem_1fr_2.75rem] items-center gap-2">
      <dt className="text-[13px] text-ink-soft">{name}</dt>
      <Meter percent={percent} />
      <dd className="text-right text-[13px]">
        <PercentText percent={percent} {...(testId && { testId })} />
      </dd>
    </div>
  );
}
