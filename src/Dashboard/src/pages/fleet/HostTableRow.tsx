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
import { formatByteRate, formatNumber } from '../../lib/format';
import { HostName, type Picking } from './HostName';

const noHistory: never[] = [];

interface HostTableRowProps {
  row: HostRow;
  picking: Picking | null;
  /** Its place in a long list, where all rows have one height. */
  rowIndex?: number;
}

export const HostTableRow = memo(function HostTableRow({ row, picking, rowIndex }: HostTableRowProps) {
  const stale = row.status === 'offline' || row.status === 'pending' ? 'grayscale' : '';
  return (
    <tr
      data-testid="host-row"
      data-host-id={row.id}
      data-status={row.status}
      aria-rowindex={rowIndex}
      className={`relative border-b border-line last:border-0 hover:bg-raised [&>td]:px-2 ${rowIndex === undefined ? 'h-11' : 'h-14'}`}
    >
      <td className="pl-4!">
        <StatusBadge status={row.status} />
      </td>
      <td className="max-w-0 py-1.5">
        <span className="flex items-center gap-2">
          <HostName row={row} picking={picking} className="block min-w-0" />
          <FiringBadge firing={row.firing} severity={row.severity} />
        </span>
        <HostLabels group={row.group} tags={row.tags} access={row.access} most={2} />
      </td>
      <td className={stale}>
        <div className="grid grid-cols-[1fr_2.75rem] xl:grid-cols-[1fr_4.5rem_2.75rem] items-center gap-2">
          <Sparkline values={row.cpuSpark ?? noHistory} className="h-7 w-full" />
          <Meter percent={row.cpuPercent} className="max-xl:hidden" />
          <PercentText percent={row.cpuPercent} className="text-right" testId="cpu" />
        </div>
      </td>
      <td className={stale}>
        <Gauge percent={row.memoryPercent} />
      </td>
      <td className={stale}>
        <Gauge percent={row.diskPercent} />
      </td>
      <td className={stale}>
        <div className="grid grid-cols-2 gap-2 text-[13px]">
          <span className="inline-flex items-center gap-1 whitespace-nowrap" title="Received">
            <DownIcon className="size-3.5 text-ink-faint" />
            {formatByteRate(row.rxBytesPerSecond)}
          </span>
          <span className="inline-flex items-center gap-1 whitespace-nowrap" title="Sent">
            <UpIcon className="size-3.5 text-ink-faint" />
            {formatByteRate(row.txBytesPerSecond)}
          </span>
        </div>
      </td>
      <td className={`text-right max-xl:hidden ${stale}`}>{formatNumber(row.load1)}</td>
      <td className="pr-4! text-right text-[13px] whitespace-nowrap text-ink-soft">
        <RelativeTime at={row.lastSeen === null ? null : Date.parse(row.lastSeen)} />
      </td>
    </tr>
  );
});

function Gauge({ percent }: { percent: number | null }) {
  return (
    <div className="grid grid-cols-[1fr_2.75rem] items-center gap-2">
      <Meter percent={percent} />
      <PercentText percent={percent} className="text-right" />
    </div>
  );
}
