import type uPlot from 'uplot';
import type { ChartLine } from './chartLines';

export interface YAxis {
  format: (value: number) => string;
  /** The top of the axis, or null to follow the values. */
  max: number | null;
  /** An axis that follows the values never ends below this, or noise would look like mountains. */
  atLeast: number;
  base: 10 | 1024;
}

/** What a chart is made of; another value means another chart, new values of the lines do not. */
export interface ChartShape {
  lines: Pick<ChartLine, 'key' | 'label' | 'color' | 'look'>[];
  axis: YAxis;
}

export const chartHeight = 190;

/** As wide as "1000 MiB/s" so that the pictures of a page stand below each other. */
const axisWidth = 66;
const minute = 60;

/** Charts with this name show their crosshairs together. */
const syncKey = 'host';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exactClock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const formatClock = (seconds: number): string => exactClock.format(seconds * 1000);

/** Steps of 1, 2, 4, … of every power, so that the axis shows 512 MiB and not 477 MiB. */
const binarySteps = Array.from({ length: 60 }, (_, i) => 2 ** i);

export function buildOptions(shape: ChartShape, color: (name: string) => string, width: number, onCursor: (index: number | null) => void): uPlot.Options {
  const grid = { stroke: color('--grid'), width: 1 };
  const axis = {
    stroke: color('--ink-faint'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    ticks: { show: false },
    grid,
  };
  return {
    width,
    height: chartHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: syncKey, setSeries: false },
      drag: { x: false, y: false },
      y: false,
      points: { size: 7, width: 1.5 },
    },
    scales: {
      x: { time: true, range: (_, min, max) => [min, max] },
      y: { range: (_, __, max) => yRange(shape.axis, max) },
    },
    axes: [
      { ...axis, incrs: [minute / 2, minute, 2 * minute, 5 * minute, 10 * minute], space: 70, size: 26, gap: 4, values: (_, splits, __, ___, step) => splits.map((at) => (step < minute ? exactClock : clock).format(at * 1000)) },
      {
        ...axis,
        size: axisWidth,
        gap: 6,
        space: 34,
        ...(shape.axis.base === 1024 && { incrs: binarySteps }),
        values: (_, splits) => splits.map((value) => shape.axis.format(value)),
      },
    ],
    series: [{}, ...shape.lines.map((line) => seriesOptions(line, color(line.color), isBottomOfStack(shape.lines, line)))],
    bands: stackBands(shape.lines, color),
    hooks: { setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)] },
  };
}

/** The x values and the y values of every line, stacks added up. */
export function buildData(seconds: number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  const below: number[] = [];
  const columns = lines.map((line) => {
    if (line.look !== 'stack') return line.values;
    return line.values.map((value, i) => {
      below[i] = (below[i] ?? 0) + (value ?? 0);
      return value === null ? null : below[i];
    });
  });
  return [seconds, ...columns];
}

export function yRange(axis: YAxis, dataMax: number | null): [number, number] {
  if (axis.max !== null) return [0, axis.max];
  return [0, Math.max(axis.atLeast, (dataMax ?? 0) * 1.08)];
}

/** Points that no line reaches, because there is a gap on either side. */
export function lonelyPoints(values: ArrayLike<number | null | undefined>): number[] {
  const has = (i: number) => values[i] !== null && values[i] !== undefined;
  return Array.from(values, (_, i) => i).filter((i) => has(i) && !has(i - 1) && !has(i + 1));
}

function isBottomOfStack(lines: ChartShape['lines'], line: ChartShape['lines'][number]): boolean {
  return lines.find((candidate) => candidate.look === 'stack') === line;
}

function seriesOptions({ label, look }: ChartShape['lines'][number], stroke: string, isBottom: boolean): uPlot.Series {
  const fillsToZero = look === 'area' || (look === 'stack' && isBottom);
  return {
    label,
    stroke,
    width: look === 'stack' ? 1 : 1.6,
    ...(fillsToZero && { fill: translucent(stroke, look === 'area' ? 0.1 : 0.38) }),
    ...(look === 'dashed' && { dash: [5, 4] }),
    points: { show: true, size: 4, fill: stroke, filter: (chart, seriesIndex) => lonelyPoints(chart.data[seriesIndex] ?? []) },
  };
}

function stackBands(lines: ChartShape['lines'], color: (name: string) => string): uPlot.Band[] {
  const stack = lines.flatMap((line, i) => (line.look === 'stack' ? [{ index: i + 1, color: color(line.color) }] : []));
  return stack.slice(1).map((upper, i) => ({ series: [upper.index, stack[i]?.index ?? 0], fill: translucent(upper.color, 0.38) }));
}

/** A colour of styles.css, which are all written as #rrggbb, let through. */
function translucent(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255).toString(16).padStart(2, '0')}`;
}
