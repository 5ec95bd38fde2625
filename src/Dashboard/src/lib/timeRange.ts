const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A stretch of time, Unix milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

/**
 * The ranges that end now. They move on in steps: often enough that a picture of that width would show it, and all charts of a
 * page at the same moment.
 */
export const relativeRanges = [
  { name: '5m', words: '5 minutes', ms: 5 * minute, stepMs: 5 * second },
  { name: '30m', words: '30 minutes', ms: 30 * minute, stepMs: 10 * second },
  { name: '1h', words: '1 hour', ms: hour, stepMs: 15 * second },
  { name: '6h', words: '6 hours', ms: 6 * hour, stepMs: minute },
  { name: '24h', words: '24 hours', ms: day, stepMs: 5 * minute },
  { name: '7d', words: '7 days', ms: 7 * day, stepMs: 15 * minute },
  { name: '30d', words: '30 days', ms: 30 * day, stepMs: 30 * minute },
] as const;

export type RelativeName = (typeof relativeRanges)[number]['name'];

/** What a page shows; lives in the address. */
export type TimeRange =
  /** What arrives, as it arrives. */
  | { kind: 'live' }
  | { kind: 'relative'; name: RelativeName }
  /** Chosen or zoomed into: stands still. */
  | ({ kind: 'fixed' } & TimeWindow);

export const live: TimeRange = { kind: 'live' };

/** Nobody needs a closer look: agents report every second at most, and a picture of fewer points says nothing. */
const narrowest = 15 * second;

/** Whatever the address says, the answer is a range that can be shown: `usual` where it says none. */
export function parseTimeRange(params: URLSearchParams, usual: TimeRange): TimeRange {
  const from = parseMoment(params.get('from'));
  const to = parseMoment(params.get('to'));
  if (from !== null && to !== null && from < to) return { kind: 'fixed', from, to };
  const name = params.get('range');
  if (name === 'live' && usual.kind === 'live') return live;
  const known = relativeRanges.find((range) => range.name === name);
  return known ? { kind: 'relative', name: known.name } : usual;
}

/** The address with another range, and everything else as it was. */
export function withTimeRange(params: URLSearchParams, range: TimeRange, usual: TimeRange): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of ['range', 'from', 'to']) next.delete(name);
  if (isSameRange(range, usual)) return next;
  if (range.kind === 'relative') next.set('range', range.name);
  if (range.kind === 'fixed') {
    next.set('from', formatMoment(range.from));
    next.set('to', formatMoment(range.to));
  }

  return next;
}

export function isSameRange(a: TimeRange, b: TimeRange): boolean {
  if (a.kind === 'relative' && b.kind === 'relative') return a.name === b.name;
  if (a.kind === 'fixed' && b.kind === 'fixed') return a.from === b.from && a.to === b.to;
  return a.kind === b.kind;
}

/** The stretch a range stands for at a moment, in whole steps of a moving range. The live view has a window of its own. */
export function windowOf(range: TimeRange, now: number): TimeWindow | null {
  if (range.kind === 'live') return null;
  if (range.kind === 'fixed') return { from: range.from, to: range.to };
  const { ms, stepMs } = relativeRange(range.name);
  const to = Math.floor(now / stepMs) * stepMs;
  return { from: to - ms, to };
}

export function relativeRange(name: RelativeName) {
  return relativeRanges.find((range) => range.name === name) ?? relativeRanges[0];
}

/** A closer look at what was marked, in whole seconds; never closer than there is anything to see. */
export function zoomInto(from: number, to: number): TimeRange {
  const missing = Math.max(0, narrowest - (to - from)) / 2;
  return { kind: 'fixed', from: Math.floor((from - missing) / second) * second, to: Math.ceil((to + missing) / second) * second };
}

/** Twice as much around the same middle, or up to now where there is no more to come. */
export function zoomOut({ from, to }: TimeWindow, now: number): TimeRange {
  const half = (to - from) / 2;
  const end = Math.max(to, Math.min(to + half, now));
  return zoomInto(end - 4 * half, end);
}

/** What is asked of the person who chooses both ends: `from` and `to` as `datetime-local` gives them, in this browser's time. */
export function readWindow(from: string, to: string, now: number): { window: TimeWindow } | { errors: { from?: string; to?: string } } {
  const begin = parseInput(from);
  const end = parseInput(to);
  const errors = {
    ...(begin === null ? { from: 'Enter a day and a time.' } : begin >= now ? { from: 'This lies in the future.' } : {}),
    ...(end === null ? { to: 'Enter a day and a time.' } : begin !== null && end <= begin ? { to: 'The end must be after the beginning.' } : {}),
  };
  if (begin === null || end === null || errors.from || errors.to) return { errors };
  const range = zoomInto(begin, end);
  return range.kind === 'fixed' ? { window: { from: range.from, to: range.to } } : { errors };
}

/** A moment for a `datetime-local` input, in this browser's time. */
export function formatInput(at: number): string {
  const local = new Date(at);
  const two = (value: number) => value.toString().padStart(2, '0');
  const date = `${local.getFullYear().toString().padStart(4, '0')}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
  return `${date}T${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`;
}

function parseInput(text: string): number | null {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? finite(Date.parse(text)) : null;
}

/** ISO 8601 with its offset, or Unix milliseconds: what does not depend on where the link is opened. */
function parseMoment(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{12,14}$/.test(text)) return Number(text);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text) ? finite(Date.parse(text)) : null;
}

function formatMoment(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const minutes = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const seconds = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** Both ends as people of this browser write them, and what they share only once. */
export function describeWindow({ from, to }: TimeWindow): string {
  return (to - from < 10 * minute ? seconds : minutes).formatRange(from, to);
}
