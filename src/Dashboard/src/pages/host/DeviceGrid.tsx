import type { History, HistorySeries } from '../../api/types';
import { meanOf } from '../../charts/chartSummary';
import { byLabel, deviceOf } from '../../charts/historyLines';
import { Sparkline } from '../../components/Sparkline';
import { thinOutOver } from '../../lib/sparkline';
import type { TimeWindow } from '../../lib/timeRange';

/** Points of one small line: more than its pixels would only cost. */
const points = 90;

interface DeviceGridProps {
  history: History & { window: TimeWindow };
  /** What one of them is called. */
  one: string;
  format: (value: number) => string;
  /** The top of every picture, or null for the highest value of all. */
  max: number | null;
  onPick: (device: string) => void;
}

/** One small picture per device on a common scale: legible with four and with a hundred, which lines in one chart are not. */
export function DeviceGrid({ history, one, format, max, onPick }: DeviceGridProps) {
  const devices = history.series.map((series) => ({ device: deviceOf(series), series })).toSorted((a, b) => byLabel(a.device, b.device));
  const top = max ?? Math.max(1, ...devices.map(({ series }) => peakOf(series)));
  const every = Math.max(history.step, history.interval ?? 0, 1000);
  return (
    <>
      <ul className="grid max-h-[28rem] grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-2 overflow-y-auto p-0.5">
        {devices.map(({ device, series }) => {
          const mean = meanOf(series.mean);
          return (
            <li key={series.name}>
              <button type="button" onClick={() => onPick(device)} className="w-full rounded-lg bg-raised p-2 text-left hover:bg-track" aria-label={`${one} ${device}: ${mean === null ? 'no data' : `mean ${format(mean)}, up to ${format(peakOf(series))}`}. Show it alone.`}>
                <span className="flex items-baseline justify-between gap-2 text-[13px]">
                  <span className="truncate text-ink-soft">{`${one} ${device}`}</span>
                  <span>{mean === null ? '–' : format(mean)}</span>
                </span>
                <Sparkline values={thinOutOver(history.times, series.mean, history.window, points, every)} max={top} className="mt-1.5 h-8 w-full" />
              </button>
            </li>
          );
        })}
      </ul>
      <p className="mt-2 text-[13px] text-ink-faint">{`Each from 0 to ${format(top)}, with its mean.`}</p>
    </>
  );
}

function peakOf({ max, mean }: HistorySeries): number {
  return (max ?? mean).reduce<number>((best, value) => Math.max(best, value ?? 0), 0);
}
