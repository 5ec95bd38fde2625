import type { AuditQuery } from '../api/types';

export const auditPageSize = 50;

/** What the audit page shows; lives in the address. Empty means all. */
export interface AuditState {
  actor: string;
  /** An action, or the beginning of several such as `host.`. */
  action: string;
  targetKind: string;
  targetId: string;
  outcome: '' | 'ok' | 'failed';
  /** Days of this browser's calendar, `2026-11-22`; both are included. */
  from: string;
  to: string;
  /** Only entries older than this one: how the next page is asked for. */
  before: number | null;
}

export const defaultAuditState: AuditState = { actor: '', action: '', targetKind: '', targetId: '', outcome: '', from: '', to: '', before: null };

export function parseAuditState(params: URLSearchParams): AuditState {
  const before = Number(params.get('before') ?? NaN);
  const outcome = params.get('outcome');
  const day = (name: string) => {
    const text = params.get(name) ?? '';
    return startOfDay(text) ? text : '';
  };
  return {
    actor: params.get('actor') ?? '',
    action: params.get('action') ?? '',
    targetKind: params.get('targetKind') ?? '',
    targetId: params.get('targetId') ?? '',
    outcome: outcome === 'ok' || outcome === 'failed' ? outcome : '',
    from: day('from'),
    to: day('to'),
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
  };
}

/** The shortest address for a state: what is as usual is left out. */
export function formatAuditState(state: AuditState): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(state) as [string, string | number | null][]) {
    if (value) params.set(name, value.toString());
  }

  return params.toString();
}

export function toAuditQuery({ from, to, before, ...rest }: AuditState): AuditQuery {
  const begin = startOfDay(from);
  const end = startOfDay(to, 1);
  const texts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value));
  return {
    ...texts,
    ...(begin && { from: begin.toISOString() }),
    // The server's `to` is no longer included.
    ...(end && { to: end.toISOString() }),
    ...(before !== null && { before }),
    limit: auditPageSize,
  };
}

/** Whether only a part is shown, so that an empty list is no surprise. */
export function isFiltered(state: AuditState): boolean {
  return formatAuditState({ ...state, before: null }) !== '';
}

/** The beginning of a day in this browser's time, or of one some days later; null if the text is no day. */
function startOfDay(day: string, daysLater = 0): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return null;
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  const start = new Date(year, month - 1, date + daysLater);
  const isReal = new Date(year, month - 1, date).getMonth() === month - 1;
  return isReal ? start : null;
}
