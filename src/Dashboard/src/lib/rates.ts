/**
 * Turns a counter into a rate per second, one value per sample. There is no rate without a predecessor: at the start,
 * after a gap, beside a missing value, and where the counter became smaller, which means that it started anew
 * (a reboot, a replaced device); how far it had counted before that nobody knows.
 */
export function ratePerSecond(
  times: readonly number[],
  totals: readonly (number | null)[],
  gapBefore: readonly boolean[],
): (number | null)[] {
  return times.map((time, i) => {
    const total = totals[i] ?? null;
    const before = i === 0 || gapBefore[i] ? null : (totals[i - 1] ?? null);
    const seconds = (time - (times[i - 1] ?? time)) / 1000;
    if (total === null || before === null || total < before || seconds <= 0) return null;
    return (total - before) / seconds;
  });
}

/** Adds series sample by sample. A sample that no series has a value for stays without one. */
export function sumSeries(columns: readonly (readonly (number | null)[])[]): (number | null)[] {
  const length = Math.max(0, ...columns.map((column) => column.length));
  return Array.from({ length }, (_, i) => {
    let sum: number | null = null;
    for (const column of columns) {
      const value = column[i] ?? null;
      if (value !== null) sum = (sum ?? 0) + value;
    }

    return sum;
  });
}
