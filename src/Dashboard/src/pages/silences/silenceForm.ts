import type { Day, Incident, Silence, SilenceBody } from '../../api/alertTypes';
import { joinDuration, splitDuration, type DurationDraft } from '../../lib/duration';
import { formatInput } from '../../lib/timeRange';

/** What stands in the form. Times are as `datetime-local` gives them, in this browser's time. */
export interface SilenceDraft {
  comment: string;
  hosts: number[];
  groups: string[];
  tags: string[];
  rules: number[];
  isRecurring: boolean;
  from: string;
  /** Of windows that come again, empty is for ever. */
  to: string;
  days: Day[];
  /** `22:00`, in the time zone. */
  start: string;
  length: DurationDraft;
  timeZone: string;
}

export type SilenceFaults = Partial<Record<'from' | 'to' | 'start' | 'length' | 'timeZone', string>>;

export const days: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const dayNames: Record<Day, string> = { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' };

const hour = 3_600_000;
const week = 7 * 24 * 60;

export const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An hour from now on, for everything. */
export function newSilence(now: number): SilenceDraft {
  return {
    comment: '', hosts: [], groups: [], tags: [], rules: [], isRecurring: false, from: minuteOf(now), to: minuteOf(now + hour),
    days: [], start: '22:00', length: { count: '8', unit: 'h' }, timeZone: ownTimeZone(),
  };
}

/** An hour from now on, for the rule and the host of an incident. */
export function draftFor(incident: Pick<Incident, 'host' | 'rule'>, now: number): SilenceDraft {
  return { ...newSilence(now), hosts: [incident.host.id], rules: [incident.rule.id] };
}

export function draftOf(silence: Silence, now: number): SilenceDraft {
  const { comment, hosts, groups, tags, rules, from, to, recurrence } = silence;
  return {
    ...newSilence(now), comment, hosts, groups, tags, rules, isRecurring: recurrence !== null, from: minuteOf(Date.parse(from)), to: to === null ? '' : minuteOf(Date.parse(to)),
    ...(recurrence && { days: recurrence.days, start: recurrence.start.slice(0, 5), length: splitDuration(recurrence.minutes * 60, 'h'), timeZone: recurrence.timeZone }),
  };
}

/** The end that lies so many hours after the beginning, or after now where the beginning is unreadable. */
export function endAfter(draft: SilenceDraft, hours: number, now: number): string {
  const from = Date.parse(draft.from);
  return minuteOf((Number.isFinite(from) ? from : now) + hours * hour);
}

/** What is sent, or what must be mended first. */
export function silenceBody(draft: SilenceDraft): { body: SilenceBody } | { faults: SilenceFaults } {
  const { comment, hosts, groups, tags, rules, isRecurring } = draft;
  const from = Date.parse(draft.from);
  const to = draft.to === '' ? null : Date.parse(draft.to);
  const minutes = Math.round((joinDuration(draft.length) ?? 0) / 60);
  const faults: SilenceFaults = {};
  if (!Number.isFinite(from)) faults.from = 'Enter a day and a time.';
  if (to === null ? !isRecurring : !Number.isFinite(to)) faults.to = 'Enter a day and a time.';
  else if (to !== null && to <= from) faults.to = 'The end must be after the beginning.';
  if (isRecurring && !/^\d{2}:\d{2}$/.test(draft.start)) faults.start = 'Enter a time.';
  if (isRecurring && (minutes < 1 || minutes > week)) faults.length = 'Must be a minute to 7 days.';
  if (isRecurring && draft.timeZone.trim() === '') faults.timeZone = 'Enter a time zone, such as Europe/Berlin.';
  if (Object.keys(faults).length > 0) return { faults };
  return {
    body: {
      comment: comment.trim(), hosts, groups, tags, rules,
      from: new Date(from).toISOString(),
      to: to === null ? null : new Date(to).toISOString(),
      recurrence: isRecurring ? { days: days.filter((day) => draft.days.includes(day)), start: draft.start, minutes, timeZone: draft.timeZone.trim() } : null,
    },
  };
}

const minuteOf = (at: number) => formatInput(at).slice(0, 16);
