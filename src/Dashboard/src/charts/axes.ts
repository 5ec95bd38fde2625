import { formatByteRate, formatBytes, formatMegahertz, formatNumber, formatPercent, formatValue } from '../lib/format';
import type { YAxis } from './timeSeriesOptions';

// Constants, because a chart is made anew when its axis is another object.
export const percentAxis: YAxis = { format: (value) => (Number.isInteger(value) ? `${value}%` : formatPercent(value)), max: 100, atLeast: 0, base: 10 };
export const byteRateAxis: YAxis = { format: formatByteRate, max: null, atLeast: 4096, base: 1024 };
export const loadAxis: YAxis = { format: formatNumber, max: null, atLeast: 1, base: 10 };
export const countAxis: YAxis = { format: formatNumber, max: null, atLeast: 5, base: 10 };
export const frequencyAxis: YAxis = { format: formatMegahertz, max: null, atLeast: 1000, base: 10 };

/** Bytes up to all there are. */
export const byteAxis = (max: number | null): YAxis => ({ format: formatBytes, max, atLeast: 1024 ** 2, base: 1024 });

/** An axis for whatever has this unit, as the history names it: `bytes`, or `bytes/s` for the rate of a counter. */
export function axisOf(unit: string): YAxis {
  const isRate = unit.endsWith('/s');
  const base = isRate ? unit.slice(0, -2) : unit;
  if (unit === 'percent') return percentAxis;
  return { format: (value) => formatValue(value, base, isRate), max: null, atLeast: 0, base: base === 'bytes' ? 1024 : 10 };
}
