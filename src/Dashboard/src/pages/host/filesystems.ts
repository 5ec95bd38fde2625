import type { HostView } from '../../lib/hostView';

export interface Filesystem {
  mount: string;
  percent: number | null;
  used: number | null;
  free: number | null;
  total: number | null;
}

/** Every filesystem that still reports, by the path it is mounted at. */
export function filesystems(view: HostView): Filesystem[] {
  const byMount = (base: string) => new Map(view.family(base).map((series) => [series.label, view.current(series)]));
  const used = byMount('disk.used.bytes');
  const free = byMount('disk.free.bytes');
  const total = byMount('disk.total.bytes');
  return [...byMount('disk.used.percent')]
    .map(([mount, percent]) => ({ mount, percent, used: used.get(mount) ?? null, free: free.get(mount) ?? null, total: total.get(mount) ?? null }))
    .filter(({ percent }) => percent !== null);
}
