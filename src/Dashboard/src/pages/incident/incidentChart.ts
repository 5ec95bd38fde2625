import type { Incident } from '../../api/alertTypes';
import type { Threshold } from '../../charts/thresholdLines';
import { hasThreshold } from '../../lib/alertWords';
import type { TimeWindow } from '../../lib/timeRange';

const minute = 60_000;

/** The picture moves on in steps while an incident goes on, so that it is not asked for anew all the time. */
export const chartStepMs = 30_000;

/** Around an incident: as much before it as it takes to see how it came, and some of what followed. */
export function incidentWindow({ openedAt, resolvedAt, rule }: Pick<Incident, 'openedAt' | 'resolvedAt' | 'rule'>, now: number): TimeWindow {
  const begin = Date.parse(openedAt) - rule.forSeconds * 1000;
  const end = resolvedAt === null ? now : Date.parse(resolvedAt);
  const margin = Math.max(15 * minute, (end - begin) / 4);
  const until = resolvedAt === null ? now : Math.min(end + margin, now);
  return { from: Math.floor((begin - margin) / chartStepMs) * chartStepMs, to: Math.max(Math.ceil(until / chartStepMs) * chartStepMs, Date.parse(openedAt) + minute) };
}

/** From when to when it was open, in a window. */
export function incidentSpan({ openedAt, resolvedAt }: Pick<Incident, 'openedAt' | 'resolvedAt'>, window: TimeWindow): TimeWindow {
  return { from: Date.parse(openedAt), to: resolvedAt === null ? window.to : Date.parse(resolvedAt) };
}

/** Where a rule fires, and where it is over again if that is elsewhere. */
export function thresholdsOf(rule: Pick<Incident['rule'], 'kind' | 'threshold' | 'clearThreshold'>): Threshold[] {
  if (!hasThreshold(rule.kind)) return [];
  const { threshold, clearThreshold = null } = rule;
  return [
    { label: 'Threshold', value: threshold, color: '--fill-bad' },
    ...(clearThreshold !== null && clearThreshold !== threshold ? [{ label: 'Over again', value: clearThreshold, color: '--good' }] : []),
  ];
}
