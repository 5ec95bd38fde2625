import type uPlot from 'uplot';
import { nothing, shortestDrag } from './timeSeriesOptions';

/**
 * Marks a stretch with a finger: sideways it marks, up and down the page scrolls on as everywhere. A tap sets the crosshair, which the
 * browser's own mouse events do.
 */
export function followTouch(chart: uPlot, onSelect: (from: number, to: number) => void): void {
  const { over } = chart;
  over.style.touchAction = 'pan-y';
  let start: number | null = null;
  const place = (event: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.min(Math.max(event.clientX - left, 0), width);
  };
  const mark = (to: number) => {
    const from = start ?? to;
    chart.setSelect({ left: Math.min(from, to), width: Math.abs(to - from), top: 0, height: over.clientHeight }, false);
    chart.setCursor({ left: to, top: 0 });
  };
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' || !event.isPrimary) return;
    start = place(event);
  });
  over.addEventListener('pointermove', (event) => {
    if (start === null || !event.isPrimary) return;
    const to = place(event);
    if (Math.abs(to - start) >= shortestDrag) mark(to);
  });
  over.addEventListener('pointerup', (event) => {
    if (start === null || !event.isPrimary) return;
    const [from, to] = [start, place(event)].toSorted((a, b) => a - b) as [number, number];
    start = null;
    chart.setSelect(nothing, false);
    if (to - from >= shortestDrag) onSelect(chart.posToVal(from, 'x'), chart.posToVal(to, 'x'));
  });
  // The page scrolls instead.
  over.addEventListener('pointercancel', () => {
    start = null;
    chart.setSelect(nothing, false);
  });
}

/** Where the keyboard stands in a chart, as places among its points. */
export interface KeyPlace {
  index: number;
  /** The other end of what is marked. */
  anchor: number | null;
}

/** Points that a page key goes. */
const stride = 10;

/** Where a key leads, or null if it is none of ours. Without a place the newest point is where one begins. */
export function moveBy(place: KeyPlace | null, key: string, marks: boolean, first: number, last: number): KeyPlace | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -stride, PageDown: stride, Home: -Infinity, End: Infinity };
  const step = steps[key];
  if (step === undefined || last < first) return null;
  const from = place?.index ?? last;
  const index = place === null && !marks ? last : Math.min(Math.max(from + step, first), last);
  return { index, anchor: marks ? (place?.anchor ?? from) : null };
}

/** Shows in the chart where the keyboard is. */
export function showPlace(chart: uPlot, place: KeyPlace | null): void {
  const left = (index: number) => chart.valToPos(chart.data[0][index] ?? 0, 'x');
  if (!place) {
    chart.setSelect(nothing, false);
    chart.setCursor({ left: -10, top: -10 });
    return;
  }

  const at = left(place.index);
  const from = place.anchor === null ? at : left(place.anchor);
  chart.setSelect(place.anchor === null ? nothing : { left: Math.min(at, from), width: Math.abs(at - from), top: 0, height: chart.over.clientHeight }, false);
  chart.setCursor({ left: at, top: 0 });
}
