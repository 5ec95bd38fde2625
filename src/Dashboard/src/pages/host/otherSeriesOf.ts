import type { HostView, KnownSeries } from '../../lib/hostView';

/** What the sections of the page show already. */
const shown = new Set([
  'cpu.percent', 'cpu.user.percent', 'cpu.system.percent', 'cpu.iowait.percent', 'cpu.steal.percent', 'cpu.core.percent', 'cpu.frequency.mhz',
  'load.1m', 'load.5m', 'load.15m',
  'memory.total.bytes', 'memory.used.bytes', 'memory.used.percent', 'memory.cached.bytes', 'swap.total.bytes', 'swap.used.bytes', 'swap.used.percent',
  'disk.total.bytes', 'disk.used.bytes', 'disk.free.bytes', 'disk.used.percent', 'disk.read.bytes', 'disk.write.bytes',
  'net.rx.bytes', 'net.tx.bytes',
  'uptime.seconds', 'processes.count', 'processes.running', 'tcp.connections',
]);

export function otherSeries(view: HostView): KnownSeries[] {
  return view.allSeries.filter((series) => !shown.has(series.base)).toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
