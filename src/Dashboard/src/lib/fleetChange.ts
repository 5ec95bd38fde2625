import type { FleetChange, FleetPage, HostRow, HostStatus } from '../api/types';

/** Puts changed rows into a page. Rows keep their place until the next page, so that nothing jumps under the pointer. */
export function applyFleetChange<T extends FleetPage>(page: T, change: FleetChange): T {
  const changed = new Map(change.rows.map((row) => [row.id, row]));
  return {
    ...page,
    counts: change.counts,
    // A change carries no history of the CPU: the one of the page is kept and its newest point moved.
    rows: page.rows.map((row) => {
      const next = changed.get(row.id);
      return next ? { ...next, ...(row.cpuSpark && { cpuSpark: withNewest(row.cpuSpark, next.cpuPercent) }) } : row;
    }),
  };
}

/**
 * Merges changes that arrived while a page was being fetched: some are newer than the page, some older.
 * The later report wins; between equal ones the status that comes later in a silence.
 */
export function applyOvertaken<T extends FleetPage>(page: T, changes: readonly FleetChange[]): T {
  return changes.reduce<T>((merged, change) => {
    const current = new Map(merged.rows.map((row) => [row.id, row]));
    const newer = change.rows.filter((row) => {
      const known = current.get(row.id);
      return known !== undefined && isNewer(row, known);
    });
    return applyFleetChange(merged, { counts: merged.counts, rows: newer });
  }, page);
}

/** Whether a change can mean that other hosts belong on the page, or in another order. */
export function needsNewPage(page: FleetPage, change: FleetChange, dependsOnStatus: boolean): boolean {
  if (page.counts.total !== change.counts.total) return true;
  if (change.rows.some((row) => !page.rows.some((known) => known.id === row.id))) return true;
  return dependsOnStatus && change.rows.some((row) => page.rows.some((known) => known.id === row.id && known.status !== row.status));
}

function withNewest(spark: (number | null)[], newest: number | null): (number | null)[] {
  return spark.length > 0 ? [...spark.slice(0, -1), newest] : spark;
}

const statusOrder: Record<HostStatus, number> = { pending: 0, online: 1, late: 2, offline: 3 };

function isNewer(row: HostRow, known: HostRow): boolean {
  const at = Date.parse(row.lastSeen ?? '') || 0;
  const knownAt = Date.parse(known.lastSeen ?? '') || 0;
  return at === knownAt ? statusOrder[row.status] > statusOrder[known.status] : at > knownAt;
}
