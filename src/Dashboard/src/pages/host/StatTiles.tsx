import { DownIcon, UpIcon } from '../../components/icons';
import { Meter } from '../../components/Meter';
import { PercentText } from '../../components/PercentText';
import { StatTile } from '../../components/StatTile';
import { formatByteRate, formatBytes, formatMegahertz, formatNumber, plural } from '../../lib/format';
import { useHostView } from '../../live/useHostView';
import { currentPair, networkPair } from './chartLines';
import { filesystems } from './filesystems';

/** The five numbers somebody opens the page for. */
export function StatTiles({ id }: { id: number }) {
  const view = useHostView(id);
  const cpu = view.currentOf('cpu.percent');
  const memory = view.currentOf('memory.used.percent');
  const fullest = filesystems(view).toSorted((a, b) => (b.percent ?? 0) - (a.percent ?? 0))[0];
  const traffic = currentPair(view, networkPair);
  const cores = view.family('cpu.core.percent').length;
  const frequency = view.currentOf('cpu.frequency.mhz');
  const load = view.currentOf('load.1m');
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 max-sm:*:last:col-span-2 sm:mb-4 sm:grid-cols-6 sm:gap-4 sm:max-xl:*:col-span-2 sm:max-xl:*:nth-[n+4]:col-span-3 xl:grid-cols-5">
      <StatTile name="CPU" value={<PercentText percent={cpu} testId="cpu-now" />} detail={[cores > 0 && plural(cores, 'core', 'cores'), frequency !== null && formatMegahertz(frequency)]}>
        <Meter percent={cpu} />
      </StatTile>
      <StatTile
        name="Memory"
        value={<PercentText percent={memory} />}
        detail={[`${formatBytes(view.currentOf('memory.used.bytes'))} of ${formatBytes(view.currentOf('memory.total.bytes'))}`]}
      >
        <Meter percent={memory} />
      </StatTile>
      <StatTile name="Disk" value={<PercentText percent={fullest?.percent ?? null} />} detail={[fullest && `${formatBytes(fullest.free)} free on ${fullest.mount}`]}>
        <Meter percent={fullest?.percent ?? null} />
      </StatTile>
      <StatTile
        name="Network"
        value={
          <span className="flex flex-col text-[17px] leading-snug">
            <span className="inline-flex items-center gap-1.5"><DownIcon className="size-4 text-ink-faint" /><span className="sr-only">Received</span>{formatByteRate(traffic.into)}</span>
            <span className="inline-flex items-center gap-1.5"><UpIcon className="size-4 text-ink-faint" /><span className="sr-only">Sent</span>{formatByteRate(traffic.out)}</span>
          </span>
        }
        detail={[]}
      />
      <StatTile
        name="Load"
        value={formatNumber(load)}
        detail={[`5 min ${formatNumber(view.currentOf('load.5m'))}`, `15 min ${formatNumber(view.currentOf('load.15m'))}`]}
      >
        <Meter percent={load === null || cores === 0 ? null : (load / cores) * 100} />
      </StatTile>
    </div>
  );
}
