import type { History, HistorySeries } from '../api/types';
import { sumSeries } from '../lib/rates';
import { countsInSum, labelText } from '../lib/seriesName';
import { maxLines, palette, type ChartLine } from './chartLine';

/** One kind of line of a chart: which metric, and how it looks. */
export interface Part {
  metric: string;
  /** What the line is called; beside several devices it follows the device's name. */
  label: string;
  color?: string;
  look?: ChartLine['look'];
}

/** The label values of a series as a person reads them. */
export function deviceOf({ labels }: { labels: Record<string, string> }): string {
  return labelText(Object.entries(labels).map(([name, value]) => ({ name, value })));
}

export function lineOf(series: HistorySeries, looks: Pick<ChartLine, 'label' | 'color' | 'look'>): ChartLine {
  const { min, max } = series;
  // In a stack a part stands on what is below it, where its own lowest and highest have no place.
  const hasBand = min && max && looks.look !== 'stack';
  return { key: series.name, ...looks, values: series.mean, ...(hasBand && { band: { min, max } }) };
}

/**
 * Each part as one line, added up over its devices. A sum of several has no band: their lowest values need not have been at the same time, nor
 * their highest.
 */
export function totalLines(history: History, parts: readonly Part[]): ChartLine[] {
  return parts.flatMap((part, i): ChartLine[] => {
    const all = history.series.filter(({ metric }) => metric === part.metric);
    const counted = all.filter((series) => countsInSum(series.metric, deviceOf(series)));
    const looks = { label: part.label, color: part.color ?? palette(i), look: part.look ?? 'line' };
    const [first] = counted;
    if (!first) return [];
    return [counted.length === 1 ? lineOf(first, looks) : { key: part.metric, ...looks, values: sumSeries(counted.map(({ mean }) => mean)) }];
  });
}

/** The lines of every device, in one colour a device; of too many the busiest. */
export function deviceLines(history: History, parts: readonly Part[]): { lines: ChartLine[]; hidden: number } {
  const devices = devicesIn(history, parts);
  const chosen = busiest(devices);
  return {
    hidden: devices.length - chosen.length,
    lines: chosen.flatMap(({ device, series }, i) =>
      series.map(({ part, of }) => ({ ...lineOf(of, { label: nameLine(device, part), color: palette(i), look: part.look === 'dashed' ? 'dashed' : 'line' }) })),
    ),
  };
}

/** One device alone: its parts in colours of their own. */
export function oneDeviceLines(history: History, parts: readonly Part[], device: string): ChartLine[] {
  return parts.flatMap((part, i) =>
    history.series
      .filter((series) => series.metric === part.metric && deviceOf(series) === device)
      .map((series) => lineOf(series, { label: nameLine(device, part), color: part.color ?? palette(i), look: 'line' })),
  );
}

/** The highest value of a metric, such as the size of the memory; null if it has none. */
export function highest(history: History, metric: string): number | null {
  const values = history.series.filter((series) => series.metric === metric).flatMap((series) => series.max ?? series.mean);
  return values.reduce((best, value) => (value === null ? best : Math.max(best ?? value, value)), null);
}

interface Device {
  device: string;
  series: { part: Part; of: HistorySeries }[];
}

function devicesIn(history: History, parts: readonly Part[]): Device[] {
  const byName = new Map<string, Device['series']>();
  for (const part of parts) {
    for (const series of history.series.filter(({ metric }) => metric === part.metric)) {
      const device = deviceOf(series);
      byName.set(device, [...(byName.get(device) ?? []), { part, of: series }]);
    }
  }

  return [...byName].map(([device, series]) => ({ device, series })).toSorted((a, b) => byLabel(a.device, b.device));
}

/** Natural order: core 2 before core 10. */
export const byLabel = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

/** The devices with the most going on, in their own order, so that colours do not change places with every answer. */
function busiest(all: Device[]): Device[] {
  if (all.length <= maxLines) return all;
  const traffic = ({ series }: Device) => series.reduce((sum, { of }) => of.mean.reduce<number>((inner, value) => inner + (value ?? 0), sum), 0);
  const chosen = new Set(all.toSorted((a, b) => traffic(b) - traffic(a)).slice(0, maxLines));
  return all.filter((device) => chosen.has(device));
}

function nameLine(device: string, part: Part): string {
  return part.label ? `${device} ${part.label.toLowerCase()}` : device;
}
