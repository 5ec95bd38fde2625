import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../../lib/theme';
import { useLiveWindow } from '../../live/useLiveWindow';
import { ChartLegend } from './ChartLegend';
import type { ChartLine } from './chartLines';
import { buildData, buildOptions, chartHeight, formatClock, type ChartShape, type YAxis } from './timeSeriesOptions';

interface TimeSeriesChartProps {
  /** Says in one sentence what the picture shows, for who does not see it. */
  title: string;
  /** Unix seconds of every point, ascending. */
  seconds: number[];
  lines: ChartLine[];
  axis: YAxis;
  testId?: string;
}

/** Lines over the last fifteen minutes with their values at the crosshair. The only place that touches uPlot. */
export function TimeSeriesChart({ title, seconds, lines, axis, testId }: TimeSeriesChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const theme = useTheme();
  const [oldest] = seconds;
  const newest = seconds.at(-1);
  const shownWindow = useLiveWindow(oldest === undefined || newest === undefined ? null : { oldest: oldest * 1000, newest: newest * 1000 });
  const start = shownWindow.start / 1000;
  const end = shownWindow.end / 1000;
  const data = useMemo(() => buildData(seconds, lines), [seconds, lines]);

  // A new chart is made only when its shape changes. The shape is compared by its text, as the lines are new with every sample.
  const shapeText = JSON.stringify({ lines: lines.map(({ key, label, color, look }) => ({ key, label, color, look })), max: axis.max });
  const shape = useMemo<ChartShape>(() => ({ lines: (JSON.parse(shapeText) as ChartShape).lines, axis }), [shapeText, axis]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const options = buildOptions(shape, (name) => style.getPropertyValue(name).trim(), element.clientWidth, setCursor);
    const made = new uPlot(options, undefined, element);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: chartHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, theme]);

  useEffect(() => {
    const made = chart.current;
    made?.batch(() => {
      made.setData(data, false);
      made.setScale('x', { min: start, max: end });
    });
  }, [data, start, end, shape, theme]);

  const [first] = lines;
  const shown = seconds.flatMap((at, i) => (at >= start && at <= end && (first?.values[i] ?? null) !== null ? [i] : []));
  const lastIndex = shown.at(-1);
  const at = cursor !== null && cursor < seconds.length ? cursor : null;
  return (
    // Charts of one row stand on one line, however many lines their legends take.
    <div className="flex grow flex-col justify-between">
      <ChartLegend lines={lines} index={at} time={at === null ? null : formatClock(seconds[at] ?? 0)} format={axis.format} />
      <div className="relative mt-1">
        <div
          ref={box}
          role="img"
          aria-label={title}
          data-testid={testId}
          data-points={shown.length}
          data-last-value={lastIndex === undefined ? '' : first?.values[lastIndex]}
          style={{ height: chartHeight }}
        />
        {!lines.some((line) => line.values.some((value) => value !== null)) && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center pb-6 pl-16 text-ink-faint">No values yet</p>
        )}
      </div>
    </div>
  );
}
