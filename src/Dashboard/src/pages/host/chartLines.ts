import { maxLines, palette, type ChartLine } from '../../charts/chartLine';
import type { HostView, KnownSeries } from '../../lib/hostView';
import { sumSeries } from '../../lib/rates';
import { countsInSum } from '../../lib/seriesName';

/** How a family of devices is shown: added up, or each on its own. */
export type Detail = 'sum' | 'each';

export function cpuLines(view: HostView): ChartLine[] {
  const parts = [
    { name: 'cpu.system.percent', label: 'System', color: '--chart-4' },
    { name: 'cpu.user.percent', label: 'User', color: '--chart-1' },
    { name: 'cpu.steal.percent', label: 'Steal', color: '--chart-5' },
    { name: 'cpu.iowait.percent', label: 'I/O wait', color: '--chart-3' },
  ];
  return [
    { key: 'cpu.percent', label: 'Total', color: '--chart-ink', look: 'line', values: view.along(view.valuesOf('cpu.percent')) },
    ...parts
      .filter(({ name }) => view.has(name))
      .map(({ name, label, color }): ChartLine => ({ key: name, label, color, look: 'stack', values: view.along(view.valuesOf(name)) })),
  ];
}

export function memoryLines(view: HostView): ChartLine[] {
  const line = (name: string, label: string, color: string, look: ChartLine['look']): ChartLine[] =>
    view.has(name) ? [{ key: name, label, color, look, values: view.along(view.valuesOf(name)) }] : [];
  return [
    ...line('memory.used.bytes', 'Used', '--chart-1', 'stack'),
    ...line('memory.cached.bytes', 'Cached files', '--chart-7', 'stack'),
    ...((view.currentOf('swap.total.bytes') ?? 0) > 0 ? line('swap.used.bytes', 'Swap used', '--chart-4', 'line') : []),
  ];
}

export function simpleLines(view: HostView, names: readonly (readonly [name: string, label: string])[]): ChartLine[] {
  return names
    .filter(([name]) => view.has(name))
    .map(([name, label], i) => ({ key: name, label, color: palette(i), look: 'line', values: view.along(view.valuesOf(name)) }));
}

/** One line per label of a series, such as the states of TCP connections. */
export function familyLines(view: HostView, base: string): ChartLine[] {
  return busiest(view.family(base).map((series) => ({ label: series.label, columns: [view.values(series)] })))
    .map(({ label, columns }, i) => ({ key: `${base}.${label}`, label: label || 'All', color: palette(i), look: 'line', values: view.along(columns[0] ?? []) }));
}

interface Pair {
  inBase: string;
  inLabel: string;
  outBase: string;
  outLabel: string;
}

export const networkPair: Pair = { inBase: 'net.rx.bytes', inLabel: 'received', outBase: 'net.tx.bytes', outLabel: 'sent' };
export const diskPair: Pair = { inBase: 'disk.read.bytes', inLabel: 'read', outBase: 'disk.write.bytes', outLabel: 'written' };

/** Two directions of traffic: added up over all devices, or each device with one line per direction. */
export function pairLines(view: HostView, pair: Pair, detail: Detail): ChartLine[] {
  const into = view.family(pair.inBase).filter(isTraffic);
  const out = view.family(pair.outBase).filter(isTraffic);
  if (detail === 'sum') {
    return [
      { key: 'in', label: capitalise(pair.inLabel), color: '--chart-1', look: 'area', values: view.along(sumSeries(into.map((series) => view.values(series)))) },
      { key: 'out', label: capitalise(pair.outLabel), color: '--chart-3', look: 'area', values: view.along(sumSeries(out.map((series) => view.values(series)))) },
    ];
  }

  return busiest(devices(view, pair)).flatMap(({ label, columns: [received, sent] }, i): ChartLine[] => [
    { key: `${label}.in`, label: `${label} ${pair.inLabel}`, color: palette(i), look: 'line', values: view.along(received ?? []) },
    { key: `${label}.out`, label: `${label} ${pair.outLabel}`, color: palette(i), look: 'dashed', values: view.along(sent ?? []) },
  ]);
}

/** The current rates of a pair over all devices that count. */
export function currentPair(view: HostView, pair: Pair): { into: number | null; out: number | null } {
  const total = (base: string) =>
    view.family(base).filter(isTraffic).map((series) => view.current(series)).reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);
  return { into: total(pair.inBase), out: total(pair.outBase) };
}

/** How many devices a pair has, and how many of them the chart leaves out. */
export function countDevices(view: HostView, pair: Pair): { all: number; hidden: number } {
  const all = devices(view, pair).length;
  return { all, hidden: Math.max(0, all - maxLines) };
}

const isTraffic = (series: KnownSeries) => countsInSum(series.base, series.label);

interface Device {
  label: string;
  columns: (number | null)[][];
}

function devices(view: HostView, pair: Pair): Device[] {
  const labels = new Set([...view.family(pair.inBase), ...view.family(pair.outBase)].map((series) => series.label));
  const values = (base: string, label: string) => {
    const series = view.family(base).find((candidate) => candidate.label === label);
    return series ? view.values(series) : [];
  };
  return [...labels].map((label) => ({ label, columns: [values(pair.inBase, label), values(pair.outBase, label)] }));
}

/** The devices with the most going on, in their own order, so that colours do not change places with every sample. */
function busiest(all: Device[]): Device[] {
  if (all.length <= maxLines) return all;
  const traffic = (device: Device) => device.columns.flat().reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const chosen = new Set(all.toSorted((a, b) => traffic(b) - traffic(a)).slice(0, maxLines));
  return all.filter((device) => chosen.has(device));
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
