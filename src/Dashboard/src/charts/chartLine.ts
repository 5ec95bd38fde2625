import type { TimeWindow } from '../lib/timeRange';

/**
 * Values along the times of a chart. Null breaks the line; undefined stands where another line of the chart has a point, and the line goes on
 * through it.
 */
export type ChartValues = readonly (number | null | undefined)[];

/** One line of a chart: what it means and its values along the chart's times. */
export interface ChartLine {
  key: string;
  label: string;
  /** The name of a colour in styles.css. */
  color: string;
  /** Areas of a stack lie on top of each other in the order of the lines. */
  look: 'line' | 'area' | 'stack' | 'dashed';
  values: ChartValues;
  /** The lowest and the highest of what each point is the mean of. */
  band?: { min: ChartValues; max: ChartValues };
}

/** Colours to tell lines of equal rank apart. */
export const palette = (i: number) => `--chart-${(i % 8) + 1}`;

/** More lines than this in one picture nobody can tell apart. */
export const maxLines = 8;

/** Why nothing is known of a stretch of time. */
export type GapReason = 'server-away' | 'host-offline';

export interface Gap extends TimeWindow {
  reason: GapReason;
}

export const gapWords: Record<GapReason, string> = { 'server-away': 'Server away', 'host-offline': 'Host offline' };

/** The gap that a moment lies in. */
export function gapAt(gaps: readonly Gap[], at: number): Gap | null {
  return gaps.find((gap) => at >= gap.from && at < gap.to) ?? null;
}

/** What a window shows gaps for, once each. */
export function gapReasons(gaps: readonly Gap[], { from, to }: TimeWindow): GapReason[] {
  return [...new Set(gaps.filter((gap) => gap.to > from && gap.from < to).map((gap) => gap.reason))].toSorted();
}

/** A line's value at one of the chart's times: its own, or the nearest one where only other lines have a point there. */
export function valueNear(seconds: readonly number[], values: ChartValues, index: number, within: number): number | null {
  const own = values[index];
  if (own !== undefined) return own;
  const at = seconds[index] ?? NaN;
  const look = (step: 1 | -1) => {
    for (let i = index + step; i >= 0 && i < values.length && Math.abs((seconds[i] ?? NaN) - at) <= within; i += step) {
      const value = values[i];
      if (value !== undefined) return { value, distance: Math.abs((seconds[i] ?? NaN) - at) };
    }

    return { value: null, distance: Infinity };
  };
  const before = look(-1);
  const after = look(1);
  return after.distance < before.distance ? after.value : before.value;
}
