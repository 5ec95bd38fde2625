/** A stretch of a list; `end` is the first that is not in it. */
export interface Stretch {
  first: number;
  end: number;
}

/** How a long list is laid out: rows of one height, each with so many items. */
export interface ListShape {
  count: number;
  columns: number;
  /** From the top of a row to that of the next, in pixels. */
  pitch: number;
}

/** Rows drawn beyond what is in sight, so that a turn of the wheel shows no empty place. */
const spareRows = 6;

/** Lists up to this length are drawn and watched as a whole: the browser's own search finds everything then. */
export const wholeList = 100;

/** The server's largest page. */
const mostWatched = 200;

/** Windows begin at multiples of this, so that going back and forth asks for the same again. */
const step = 25;

/** Which items are in sight when the list's top edge is so far above that of the view. */
export function inSight(above: number, viewHeight: number, { count, columns, pitch }: ListShape, spare = spareRows): Stretch {
  const rows = Math.ceil(count / columns);
  const first = clamp(Math.floor(above / pitch) - spare, 0, Math.max(rows - 1, 0));
  const end = clamp(Math.ceil((above + viewHeight) / pitch) + spare, first, rows);
  return { first: first * columns, end: Math.min(end * columns, count) };
}

/** The part of the list to watch: the same as long as it covers what is drawn, else one with what is drawn in its middle. */
export function watchedFor(watched: Stretch, drawn: Stretch): Stretch {
  if (watched.first <= drawn.first && drawn.end <= watched.end) return watched;
  const length = drawn.end - drawn.first > wholeList - 2 * step ? mostWatched : wholeList;
  const first = Math.max(0, Math.floor(((drawn.first + drawn.end - length) / 2 + step / 2) / step) * step);
  return { first, end: first + length };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
