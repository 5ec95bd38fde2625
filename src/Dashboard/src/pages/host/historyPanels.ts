import type { CatalogueSeries } from '../../api/types';
import { byteAxis, byteRateAxis, countAxis, frequencyAxis, loadAxis, percentAxis } from '../../charts/axes';
import { byLabel, deviceOf, type Part } from '../../charts/historyLines';
import type { YAxis } from '../../charts/timeSeriesOptions';

/** One chart of a host's history, as far as the host has the series. */
export interface HistoryPanel {
  key: string;
  title: string;
  axis: YAxis;
  /** As a whole; empty if there is no such thing, as with filesystems. */
  total: Part[];
  /** Each of several on its own: cores, disks, interfaces. */
  each: Part[];
  /** What they are called. */
  one: string;
  many: string;
  devices: string[];
  /** Full names of the series of each device. */
  seriesOf: Record<string, string[]>;
  /** The metric whose value is the top of the axis, such as the size of the memory. */
  top: string | null;
}

/** As a whole, all of several, or one of them by its name. */
export type Detail = { kind: 'total' } | { kind: 'each' } | { kind: 'one'; device: string };

type Known = Omit<HistoryPanel, 'devices' | 'seriesOf' | 'total' | 'each' | 'one' | 'many' | 'top'> & Partial<Pick<HistoryPanel, 'total' | 'each' | 'one' | 'many' | 'top'>>;

const known: readonly Known[] = [
  {
    key: 'cpu', title: 'CPU', axis: percentAxis, one: 'Core', many: 'cores',
    total: [
      { metric: 'cpu.percent', label: 'Total', color: '--chart-ink' },
      { metric: 'cpu.system.percent', label: 'System', color: '--chart-4', look: 'stack' },
      { metric: 'cpu.user.percent', label: 'User', color: '--chart-1', look: 'stack' },
      { metric: 'cpu.steal.percent', label: 'Steal', color: '--chart-5', look: 'stack' },
      { metric: 'cpu.iowait.percent', label: 'I/O wait', color: '--chart-3', look: 'stack' },
    ],
    each: [{ metric: 'cpu.core.percent', label: '' }],
  },
  {
    key: 'memory', title: 'Memory', axis: byteAxis(null), top: 'memory.total.bytes',
    total: [
      { metric: 'memory.used.bytes', label: 'Used', color: '--chart-1', look: 'area' },
      { metric: 'memory.cached.bytes', label: 'Cached files', color: '--chart-7' },
    ],
  },
  {
    key: 'network', title: 'Network', axis: byteRateAxis, one: 'Interface', many: 'interfaces',
    total: [{ metric: 'net.rx.bytes', label: 'Received', color: '--chart-1', look: 'area' }, { metric: 'net.tx.bytes', label: 'Sent', color: '--chart-3', look: 'area' }],
    each: [{ metric: 'net.rx.bytes', label: 'Received', color: '--chart-1' }, { metric: 'net.tx.bytes', label: 'Sent', color: '--chart-3', look: 'dashed' }],
  },
  {
    key: 'disks', title: 'Disk activity', axis: byteRateAxis, one: 'Disk', many: 'disks',
    total: [{ metric: 'disk.read.bytes', label: 'Read', color: '--chart-1', look: 'area' }, { metric: 'disk.write.bytes', label: 'Written', color: '--chart-3', look: 'area' }],
    each: [{ metric: 'disk.read.bytes', label: 'Read', color: '--chart-1' }, { metric: 'disk.write.bytes', label: 'Written', color: '--chart-3', look: 'dashed' }],
  },
  { key: 'filesystems', title: 'Disk space', axis: percentAxis, one: 'Filesystem', many: 'filesystems', each: [{ metric: 'disk.used.percent', label: '' }] },
  {
    key: 'load', title: 'Load average', axis: loadAxis,
    total: [{ metric: 'load.1m', label: '1 minute' }, { metric: 'load.5m', label: '5 minutes' }, { metric: 'load.15m', label: '15 minutes' }],
  },
  { key: 'swap', title: 'Swap', axis: byteAxis(null), top: 'swap.total.bytes', total: [{ metric: 'swap.used.bytes', label: 'Used', color: '--chart-4', look: 'area' }] },
  {
    key: 'frequency', title: 'CPU frequency', axis: frequencyAxis, one: 'Core', many: 'cores',
    total: [{ metric: 'cpu.frequency.mhz', label: 'Mean of all cores' }],
    each: [{ metric: 'cpu.core.frequency.mhz', label: '' }],
  },
  { key: 'processes', title: 'Processes', axis: countAxis, total: [{ metric: 'processes.count', label: 'All' }, { metric: 'processes.running', label: 'Running' }] },
  { key: 'connections', title: 'TCP connections', axis: countAxis, one: 'State', many: 'states', each: [{ metric: 'tcp.connections', label: '' }] },
];

/** The charts for what a host has, in their usual order. */
export function choosePanels(catalogue: readonly CatalogueSeries[]): HistoryPanel[] {
  const byMetric = new Map<string, CatalogueSeries[]>();
  for (const series of catalogue) byMetric.set(series.metric, [...(byMetric.get(series.metric) ?? []), series]);
  return known.flatMap((panel): HistoryPanel[] => {
    const has = ({ metric }: Part) => byMetric.has(metric);
    const total = (panel.total ?? []).filter(has);
    const each = (panel.each ?? []).filter(has);
    if (total.length === 0 && each.length === 0) return [];
    const seriesOf: Record<string, string[]> = {};
    for (const series of each.flatMap(({ metric }) => byMetric.get(metric) ?? [])) (seriesOf[deviceOf(series)] ??= []).push(series.name);
    const top = panel.top !== undefined && panel.top !== null && byMetric.has(panel.top) ? panel.top : null;
    return [{ one: '', many: '', ...panel, total, each, devices: Object.keys(seriesOf).toSorted(byLabel), seriesOf, top }];
  });
}

/** How a panel can be looked at. A single device with a whole beside it is that whole. */
export function detailsOf({ total, devices }: HistoryPanel): Detail[] {
  const whole: Detail[] = total.length > 0 ? [{ kind: 'total' }] : [];
  if (devices.length === 0 || (devices.length === 1 && whole.length > 0)) return whole;
  return [...whole, { kind: 'each' }, ...(devices.length > 1 ? devices.map((device): Detail => ({ kind: 'one', device })) : [])];
}

/** What to ask the server for. */
export function selectorsOf(panel: HistoryPanel, detail: Detail): string[] {
  const top = panel.top === null ? [] : [panel.top];
  switch (detail.kind) {
    case 'total':
      return [...panel.total.map(({ metric }) => metric), ...top];
    case 'each':
      return [...panel.each.map(({ metric }) => metric), ...top];
    case 'one':
      return [...(panel.seriesOf[detail.device] ?? []), ...top];
  }
}

export function nameDetail(panel: HistoryPanel, detail: Detail): string {
  if (detail.kind === 'total') return 'Total';
  return detail.kind === 'each' ? `All ${panel.many}` : `${panel.one} ${detail.device}`;
}

/** A text for each way to look at a panel, and back. */
export const detailText = (detail: Detail) => (detail.kind === 'one' ? `one:${detail.device}` : detail.kind);

export function parseDetail(panel: HistoryPanel, text: string): Detail {
  const all = detailsOf(panel);
  return all.find((detail) => detailText(detail) === text) ?? all[0] ?? { kind: 'total' };
}

/** As many selectors, and as many series, as the server takes in one request. */
const maxSelectors = 32;
const maxSeries = 200;

/** What a file of all the charts holds: whole and by device, and what was picked; as much as one request may ask for. */
export function exportedSeries(catalogue: readonly CatalogueSeries[], picked: readonly string[]): string[] {
  const known = new Set(catalogue.map(({ name }) => name));
  const panels = choosePanels(catalogue);
  const wanted = [...picked.filter((name) => known.has(name)), ...panels.flatMap(({ total }) => total.map(({ metric }) => metric)), ...panels.flatMap(({ each }) => each.map(({ metric }) => metric))];
  const chosen: string[] = [];
  let count = 0;
  for (const selector of new Set(wanted)) {
    const matched = known.has(selector) ? 1 : catalogue.filter(({ metric }) => metric === selector).length;
    if (chosen.length === maxSelectors || count + matched > maxSeries) continue;
    chosen.push(selector);
    count += matched;
  }

  return chosen;
}
