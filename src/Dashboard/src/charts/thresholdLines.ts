import type { ChartLine } from './chartLine';

/** A bound across a chart. */
export interface Threshold {
  label: string;
  value: number;
  /** The name of a colour in styles.css. */
  color: string;
}

/**
 * The lines of a chart with bounds across the whole window: at both of its ends there is a point that only the bounds have, as the values may begin later and
 * end sooner.
 */
export function withThresholds(seconds: readonly number[], lines: readonly ChartLine[], thresholds: readonly Threshold[], window: { from: number; to: number }): { seconds: number[]; lines: ChartLine[] } {
  if (thresholds.length === 0) return { seconds: [...seconds], lines: [...lines] };
  const [from, to] = [window.from / 1000, window.to / 1000];
  const before = seconds.length === 0 || (seconds[0] ?? 0) > from;
  const after = seconds.length === 0 || (seconds.at(-1) ?? 0) < to;
  const padded = <T>(values: readonly T[]) => [...(before ? [undefined] : []), ...values, ...(after ? [undefined] : [])];
  const times = [...(before ? [from] : []), ...seconds, ...(after ? [to] : [])];
  return {
    seconds: times,
    lines: [
      ...lines.map((line) => ({ ...line, values: padded(line.values), ...(line.band && { band: { min: padded(line.band.min), max: padded(line.band.max) } }) })),
      ...thresholds.map(({ label, value, color }): ChartLine => ({ key: `threshold ${label}`, label, color, look: 'dashed', values: times.map(() => value) })),
    ],
  };
}
