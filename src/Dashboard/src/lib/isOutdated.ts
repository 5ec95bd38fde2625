import type { TimeWindow } from './timeRange';

/** Whether a picture shows something else than what is asked for now, rather than the same a moment ago. */
export function isOutdated(shown: TimeWindow, asked: TimeWindow): boolean {
  const isSameWidth = shown.to - shown.from === asked.to - asked.from;
  return !isSameWidth || Math.abs(shown.to - asked.to) > (asked.to - asked.from) / 4;
}
