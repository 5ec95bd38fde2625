import type uPlot from 'uplot';
import type { TimeWindow } from '../lib/timeRange';

/** Stretches of time that are marked in a chart, all for one reason. */
export interface Spans {
  /** What they are, for the legend. */
  label: string;
  list: readonly TimeWindow[];
}

/** A stretch narrower than this could not be seen, pixels. */
const narrowest = 2;

/** Shades the stretches behind everything else, with an edge where each begins. */
export function drawSpans(chart: uPlot, spans: readonly TimeWindow[], color: (name: string) => string): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  for (const span of spans) {
    const x = (at: number) => Math.min(right, Math.max(bbox.left, chart.valToPos(at / 1000, 'x', true)));
    const from = x(span.from);
    const to = Math.max(x(span.to), Math.min(from + narrowest * scale, right));
    if (to <= from) continue;
    ctx.fillStyle = color('--fill-bad');
    ctx.globalAlpha = 0.16;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.globalAlpha = 0.8;
    if (from > bbox.left) ctx.fillRect(from, bbox.top, scale, bbox.height);
  }

  ctx.restore();
}
