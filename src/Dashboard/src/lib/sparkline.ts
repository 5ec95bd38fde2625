import type { TimeWindow } from './timeRange';

/** Lines and filled area of a small chart, as SVG path data with gaps where values are missing. */
export interface SparklinePaths {
  line: string;
  area: string;
}

export function sparklinePaths(values: readonly (number | null)[], width: number, height: number, max: number): SparklinePaths {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const x = (i: number) => round(i * step);
  const y = (value: number) => round(height - (Math.min(Math.max(value, 0), max) / max) * height);

  let line = '';
  let area = '';
  let from = 0;
  while (from < values.length) {
    if ((values[from] ?? null) === null) {
      from++;
      continue;
    }

    let to = from;
    while (to + 1 < values.length && (values[to + 1] ?? null) !== null) to++;
    const points = values.slice(from, to + 1).map((value, i) => `${x(from + i)} ${y(value ?? 0)}`);
    // A lone value between two gaps gets a short dash, or it would not be seen at all.
    line += points.length === 1 ? `M${points[0] ?? ''}h1` : `M${points.join('L')}`;
    if (points.length > 1) area += `M${x(from)} ${height}L${points.join('L')}L${x(to)} ${height}Z`;
    from = to + 1;
  }

  return { line, area };
}

/** Means of equal stretches, so that a drawing of a few pixels gets a few points. */
export function thinOut(values: readonly (number | null)[], points: number): (number | null)[] {
  if (values.length <= points) return [...values];
  return Array.from({ length: points }, (_, i) => {
    const from = Math.floor((i * values.length) / points);
    const to = Math.floor(((i + 1) * values.length) / points);
    const known = values.slice(from, to).filter((value) => value !== null);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  });
}

/** Means of equal stretches of a window of time, so that a gap is as wide as it was long. `every` is how often there should be a value. */
export function thinOutOver(times: readonly number[], values: readonly (number | null)[], { from, to }: TimeWindow, points: number, every: number): (number | null)[] {
  // Stretches shorter than that would be empty although nothing is missing.
  const count = Math.max(1, Math.min(points, Math.floor((to - from) / (1.5 * every))));
  const sums = Array.from({ length: count }, () => ({ sum: 0, known: 0 }));
  times.forEach((time, i) => {
    const value = values[i] ?? null;
    const stretch = sums[Math.floor(((time - from) / (to - from)) * count)];
    if (value === null || !stretch) return;
    stretch.sum += value;
    stretch.known++;
  });
  return sums.map(({ sum, known }) => (known > 0 ? sum / known : null));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
