const titles: Record<string, string> = {
  'cpu.percent': 'CPU',
  'memory.used.percent': 'Memory',
  'load.1m': 'Load average, 1 minute',
  'disk.used.percent': 'Disk space',
  'net.rx.bytes': 'Network, received',
  'net.tx.bytes': 'Network, sent',
  'disk.read.bytes': 'Disks, read',
  'disk.write.bytes': 'Disks, written',
  'swap.used.percent': 'Swap',
  'cpu.frequency.mhz': 'CPU frequency',
  'processes.count': 'Processes',
  'tcp.connections': 'TCP connections',
};

/** A metric as the charts call it; one without a title of its own by its name. */
export function metricTitle(selector: string): string {
  return titles[selector] ?? selector;
}
