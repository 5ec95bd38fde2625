import { isHostId } from '../../lib/hostId';
import type { TimeRange } from '../../lib/timeRange';

/** More lines than this in one chart nobody can tell apart; the server takes no more either. */
export const maxHosts = 8;

/** Charts on one page. */
export const maxCharts = 12;

/** What is shown as long as nobody chose: there is no live view of several hosts. */
export const compareUsual: TimeRange = { kind: 'relative', name: '1h' };

const usualSeries = ['cpu.percent', 'memory.used.percent', 'load.1m', 'disk.used.percent', 'net.rx.bytes', 'net.tx.bytes'];

/** What the comparison shows beside its range; lives in the address. */
export interface CompareState {
  hosts: number[];
  /** One chart each. */
  series: string[];
}

export function parseCompareState(params: URLSearchParams): CompareState {
  const hosts = params.getAll('host').filter(isHostId).map(Number);
  const series = params.getAll('series').filter(Boolean);
  return { hosts: [...new Set(hosts)].slice(0, maxHosts), series: series.length > 0 ? [...new Set(series)].slice(0, maxCharts) : usualSeries };
}

/** The address with other hosts or charts, and the range as it was. */
export function withCompareState(params: URLSearchParams, state: CompareState): URLSearchParams {
  const next = new URLSearchParams();
  for (const host of state.hosts.slice(0, maxHosts)) next.append('host', host.toString());
  if (state.series.join() !== usualSeries.join()) for (const series of state.series.slice(0, maxCharts)) next.append('series', series);
  for (const [name, value] of params) if (name !== 'host' && name !== 'series') next.append(name, value);
  return next;
}

/** The address of a comparison. */
export function comparePath(hosts: readonly number[]): string {
  return `/compare?${withCompareState(new URLSearchParams(), { hosts: [...hosts], series: usualSeries }).toString()}`;
}
