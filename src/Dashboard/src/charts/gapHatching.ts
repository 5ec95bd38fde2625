import type uPlot from 'uplot';
import type { Gap, GapReason } from './chartLine';

/** The colours of a hatched stretch: names in styles.css. */
export const gapColors: Record<GapReason, { ground: string; stroke: string }> = {
  'host-offline': { ground: '--idle-soft', stroke: '--line-strong' },
  'server-away': { ground: '--warn-soft', stroke: '--warn' },
};

/** Pixels between two lines of the hatching. */
const distance = 7;

/** A gap narrower than this could not be seen. */
const narrowest = 2;

/** Hatches the gaps behind everything else. */
export function drawGaps(chart: uPlot, gaps: readonly Gap[], color: (name: string) => string): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  for (const gap of gaps) {
    const x = (at: number) => Math.min(right, Math.max(bbox.left, chart.valToPos(at / 1000, 'x', true)));
    const from = x(gap.from);
    const to = Math.max(x(gap.to), Math.min(from + narrowest * scale, right));
    if (to <= from) continue;
    const { ground, stroke } = gapColors[gap.reason];
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, bbox.top, to - from, bbox.height);
    ctx.clip();
    ctx.fillStyle = color(ground);
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.strokeStyle = color(stroke);
    ctx.globalAlpha = 0.5;
    ctx.lineWidth = scale;
    ctx.beginPath();
    // Begun at a fixed place, so that the lines do not run while the picture moves.
    const pitch = distance * scale;
    for (let at = Math.floor((from - bbox.height) / pitch) * pitch; at < to; at += pitch) {
      ctx.moveTo(at, bbox.top + bbox.height);
      ctx.lineTo(at + bbox.height, bbox.top);
    }

    ctx.stroke();
    ctx.restore();
  }

  ctx.restore();
}
