import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../lib/theme';
import { describeWindow, type TimeWindow } from '../lib/timeRange';
import { followTouch, moveBy, showPlace, type KeyPlace } from './chartGestures';
import { ChartLegend } from './ChartLegend';
import { gapAt, gapReasons, gapWords, valueNear, type ChartLine, type Gap } from './chartLine';
import { summarise } from './chartSummary';
import { drawGaps } from './gapHatching';
import { drawSpans, type Spans } from './spanShading';
import { formatMoment } from './timeAxis';
import { buildData, buildOptions, chartHeight, type ChartShape, type YAxis } from './timeSeriesOptions';
import { useZoom } from './ZoomContext';

interface TimeSeriesChartProps {
  /** Says in a few words what the picture shows, for who does not see it. */
  title: string;
  /** Unix seconds of every point, ascending. */
  seconds: number[];
  lines: ChartLine[];
  axis: YAxis;
  window: TimeWindow;
  gaps?: readonly Gap[];
  /** What is shaded. */
  spans?: Spans;
  /** What one point stands for, milliseconds; 0 for samples as they came. */
  step?: number;
  /** What the legend shows as long as nobody points at the chart. */
  resting?: 'latest' | 'average';
  empty?: string;
  testId?: string;
}

/** Under the crosshair: a point, and whether it lies in a gap. */
interface Cursor {
  index: number | null;
  gap: Gap | null;
}

const away: Cursor = { index: null, gap: null };
const noGaps: readonly Gap[] = [];
const noSpans: Spans = { label: '', list: [] };

/** So many lines are read out; more nobody keeps in mind. */
const spokenLines = 4;

/** Lines over a window of time with their values at the crosshair. What is marked in it the page zooms into. */
export function TimeSeriesChart({ title, seconds, lines, axis, window, gaps = noGaps, spans = noSpans, step = 0, resting = 'average', empty = 'No data in this range', testId }: TimeSeriesChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const place = useRef<KeyPlace | null>(null);
  const [cursor, setCursor] = useState<Cursor>(away);
  const [isSpoken, setSpoken] = useState(false);
  const summary = useId();
  const theme = useTheme();
  const zoom = useZoom();
  const data = useMemo(() => buildData(seconds, lines), [seconds, lines]);
  const from = window.from / 1000;
  const to = window.to / 1000;

  // What the chart calls back must not be a reason to make it anew.
  const current = useRef({ gaps, spans, zoom });
  useEffect(() => {
    current.current = { gaps, spans, zoom };
  }, [gaps, spans, zoom]);

  // A new chart is made only when its shape changes. The shape is compared by its text, as the lines are new with every sample.
  const shapeText = JSON.stringify({ lines: lines.map(({ key, label, color, look, band }) => ({ key, label, color, look, hasBand: band !== undefined })), max: axis.max });
  const shape = useMemo<ChartShape>(() => ({ lines: (JSON.parse(shapeText) as ChartShape).lines, axis }), [shapeText, axis]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const onSelect = (begin: number, end: number) => current.current.zoom?.(begin * 1000, end * 1000);
    const options = buildOptions(shape, color, element.clientWidth, {
      onCursor: (shown) => {
        const index = shown.cursor.idx ?? null;
        const gap = index === null ? null : gapAt(current.current.gaps, shown.posToVal(shown.cursor.left ?? 0, 'x') * 1000);
        setCursor((before) => (before.index === index && before.gap === gap ? before : { index, gap }));
      },
      onSelect,
      onBackground: (shown) => {
        drawGaps(shown, current.current.gaps, color);
        drawSpans(shown, current.current.spans.list, color);
      },
    });
    const made = new uPlot(options, undefined, element);
    followTouch(made, onSelect);
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
      made.setScale('x', { min: from, max: to });
    });
  }, [data, from, to, gaps, spans, shape, theme]);

  const [first] = lines;
  const shown = seconds.flatMap((at, i) => (at >= from && at <= to && isKnown(first?.values[i]) ? [i] : []));
  const lastIndex = shown.at(-1);
  const index = cursor.index !== null && cursor.index < seconds.length ? cursor.index : null;
  const within = Math.max(step, 15_000) / 1000;
  const valueOf = (line: ChartLine) => (index === null || cursor.gap ? null : valueNear(seconds, line.values, index, within));
  const momentOf = (at: number) => formatMoment(at, to - from, step / 1000);
  const time = index === null ? null : cursor.gap ? `${gapWords[cursor.gap.reason]}, ${describeWindow(cursor.gap)}` : momentOf(seconds[index] ?? 0);
  const isEmpty = !lines.some((line) => line.values.some(isKnown));

  const shaded = spans.list.filter((span) => span.to > window.from && span.from < window.to);

  const show = (next: KeyPlace | null) => {
    place.current = next;
    setSpoken(next !== null);
    if (chart.current) showPlace(chart.current, next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const begin = seconds.findIndex((at) => at >= from);
    const end = seconds.findLastIndex((at) => at <= to);
    const next = begin < 0 ? null : moveBy(place.current, event.key, event.shiftKey, begin, end);
    if (next) show(next);
    else if (event.key === 'Escape' && place.current) show(null);
    else if (event.key === 'Enter' && place.current !== null && place.current.anchor !== null && zoom) {
      const ends = [place.current.index, place.current.anchor].map((i) => (seconds[i] ?? 0) * 1000).toSorted((a, b) => a - b);
      show(null);
      zoom(ends[0] ?? 0, ends[1] ?? 0);
    } else return;

    event.preventDefault();
  };

  return (
    // Charts of one row stand on one line, however many lines their legends take.
    <div className="flex grow flex-col justify-between">
      <ChartLegend lines={lines} reasons={gapReasons(gaps, window)} shaded={shaded.length > 0 ? spans.label : null} valueOf={index === null ? null : valueOf} index={index} time={time} resting={resting} format={axis.format} />
      <div className="relative mt-1">
        <div
          ref={box}
          role="group"
          aria-roledescription="chart"
          aria-label={title}
          aria-describedby={summary}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onBlur={() => place.current && show(null)}
          data-testid={testId}
          data-points={shown.length}
          data-last-value={lastIndex === undefined ? '' : first?.values[lastIndex]}
          data-from={window.from}
          data-to={window.to}
          data-gaps={gaps.length}
          data-spans={shaded.length}
          className="rounded-sm"
          style={{ height: chartHeight }}
        />
        <p id={summary} className="sr-only">
          {`${describeWindow(window)}. ${summarise(lines, axis.format)}`}
          {gapReasons(gaps, window).map((reason) => ` With gaps: ${gapWords[reason].toLowerCase()}.`)}
          {shaded.length > 0 && ` ${spans.label}: ${shaded.slice(0, spokenLines).map(describeWindow).join('; ')}.`}
          {zoom && ' Left and right move the crosshair, with Shift they mark a stretch, and Enter zooms into it.'}
        </p>
        <p className="sr-only" aria-live="polite">
          {isSpoken && index !== null && `${time ?? ''}: ${lines.slice(0, spokenLines).map((line) => `${line.label} ${speak(valueOf(line), axis)}`).join(', ')}`}
        </p>
        {isEmpty && <p className="pointer-events-none absolute inset-0 grid place-items-center pb-6 pl-16 text-ink-faint">{empty}</p>}
      </div>
    </div>
  );
}

const isKnown = (value: number | null | undefined) => value !== null && value !== undefined;

const speak = (value: number | null, axis: YAxis) => (value === null ? 'unknown' : axis.format(value));
