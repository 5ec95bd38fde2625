import type uPlot from 'uplot';
import type { ChartLine, ChartValues } from './chartLine';
import { timeLabels, timeSteps } from './timeAxis';

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
  lines: (Pick<ChartLine, 'key' | 'label' | 'color' | 'look'> & { hasBand: boolean })[];
  axis: YAxis;
}

/** What a chart tells of itself. */
export interface ChartEvents {
  onCursor: (chart: uPlot) => void;
  /** A stretch was marked with the mouse; Unix seconds. */
  onSelect: (from: number, to: number) => void;
  /** Draws what lies behind the grid. */
  onBackground: (chart: uPlot) => void;
}

export const chartHeight = 190;

/** As wide as "1000 MiB/s" so that the pictures of a page stand below each other. */
const axisWidth = 66;

/** Pixels. A drag that is shorter was a click. */
export const shortestDrag = 6;

/** Charts with this name show their crosshairs together. */
const syncKey = 'page';

/** Steps of 1, 2, 4, … of every power, so that the axis shows 512 MiB and not 477 MiB. */
const binarySteps = Array.from({ length: 60 }, (_, i) => 2 ** i);

export function buildOptions(shape: ChartShape, color: (name: string) => string, width: number, events: ChartEvents): uPlot.Options {
  const grid = { stroke: color('--grid'), width: 1 };
  const axis = {
    stroke: color('--ink-faint'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    ticks: { show: false },
    grid,
  };
  const banded = shape.lines.filter((line) => line.hasBand);
  const edges = 2 * banded.length;
  const isEdge = (seriesIndex: number) => seriesIndex >= 1 && seriesIndex <= edges;
  return {
    width,
    height: chartHeight,
    // To the right, half of a label with seconds: one that stands at the edge would be cut off.
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: {
      // Only the crosshair is shared: what is marked in one chart is not marked again in every other.
      sync: { key: syncKey, setSeries: false, scales: ['x', null], filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave', sub: () => true } },
      drag: { x: true, y: false, setScale: false, dist: shortestDrag },
      bind: { dblclick: () => null },
      y: false,
      points: { size: (_, i) => (isEdge(i) ? 0 : 7), width: (_, i) => (isEdge(i) ? 0 : 1.5) },
    },
    scales: {
      x: { time: true, range: (_, min, max) => [min, max] },
      y: { range: (_, min, max) => yRange(shape.axis, min, max) },
    },
    axes: [
      { ...axis, incrs: timeSteps, space: 70, size: 26, gap: 4, values: (_, splits, __, ___, step) => timeLabels(splits, step) },
      {
        ...axis,
        size: axisWidth,
        gap: 6,
        space: 34,
        ...(shape.axis.base === 1024 && { incrs: binarySteps }),
        values: (_, splits) => splits.map((value) => shape.axis.format(value)),
      },
    ],
    series: [{}, ...banded.flatMap(() => [edgeOptions, edgeOptions]), ...shape.lines.map((line) => lineOptions(line, color(line.color), isBottomOfStack(shape.lines, line)))],
    bands: [...spreadBands(banded, color), ...stackBands(shape.lines, edges, color)],
    hooks: {
      setCursor: [events.onCursor],
      drawClear: [events.onBackground],
      setSelect: [
        (chart) => {
          const { left, width: marked } = chart.select;
          chart.setSelect(nothing, false);
          if (marked >= shortestDrag) events.onSelect(chart.posToVal(left, 'x'), chart.posToVal(left + marked, 'x'));
        },
      ],
    },
  };
}

/** No stretch is marked. */
export const nothing = { left: 0, top: 0, width: 0, height: 0 };

/** The x values, the edges of the bands and the y values of every line, stacks added up. */
export function buildData(seconds: number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  const below: number[] = [];
  const columns = lines.map((line) => {
    if (line.look !== 'stack') return line.values;
    return line.values.map((value, i) => {
      if (value === null || value === undefined) return value;
      below[i] = (below[i] ?? 0) + value;
      return below[i];
    });
  });
  const edges = lines.flatMap(({ band }) => (band ? [band.max, band.min] : []));
  return [seconds, ...edges, ...columns] as uPlot.AlignedData;
}

export function yRange(axis: YAxis, dataMin: number | null, dataMax: number | null): [number, number] {
  const bottom = Math.min(0, (dataMin ?? 0) * 1.08);
  if (axis.max !== null) return [bottom, Math.max(axis.max, dataMax ?? 0)];
  return [bottom, Math.max(axis.atLeast, (dataMax ?? 0) * 1.08)];
}

/** Points that no line reaches, because there is a gap on either side. */
export function lonelyPoints(values: ChartValues): number[] {
  const neighbour = (i: number, step: 1 | -1) => {
    // Over a place where only other lines have a point the line goes on.
    for (let at = i + step; at >= 0 && at < values.length; at += step) if (values[at] !== undefined) return values[at];
    return null;
  };
  const isKnown = (value: number | null | undefined) => value !== null && value !== undefined;
  return values.flatMap((value, i) => (isKnown(value) && !isKnown(neighbour(i, -1)) && !isKnown(neighbour(i, 1)) ? [i] : []));
}

function isBottomOfStack(lines: ChartShape['lines'], line: ChartShape['lines'][number]): boolean {
  return lines.find((candidate) => candidate.look === 'stack') === line;
}

/** The edge of a band is no line; it only bounds the fill. */
const edgeOptions: uPlot.Series = { width: 0, points: { show: false } };

function lineOptions({ label, look }: ChartShape['lines'][number], stroke: string, isBottom: boolean): uPlot.Series {
  const fillsToZero = look === 'area' || (look === 'stack' && isBottom);
  return {
    label,
    stroke,
    width: look === 'stack' ? 1 : 1.6,
    ...(fillsToZero && { fill: translucent(stroke, look === 'area' ? 0.1 : 0.38) }),
    ...(look === 'dashed' && { dash: [5, 4] }),
    points: { show: true, size: 4, fill: stroke, filter: (chart, seriesIndex) => lonelyPoints(Array.from(chart.data[seriesIndex] ?? [])) },
  };
}

/** From the lowest to the highest, in the colour of the line. */
function spreadBands(banded: ChartShape['lines'], color: (name: string) => string): uPlot.Band[] {
  return banded.map((line, i) => ({ series: [2 * i + 1, 2 * i + 2], fill: translucent(color(line.color), 0.2) }));
}

function stackBands(lines: ChartShape['lines'], edges: number, color: (name: string) => string): uPlot.Band[] {
  const stack = lines.flatMap((line, i) => (line.look === 'stack' ? [{ index: edges + i + 1, color: color(line.color) }] : []));
  return stack.slice(1).map((upper, i) => ({ series: [upper.index, stack[i]?.index ?? 0], fill: translucent(upper.color, 0.38) }));
}

/** A colour of styles.css, which are all written as #rrggbb, let through. */
function translucent(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255).toString(16).padStart(2, '0')}`;
}
