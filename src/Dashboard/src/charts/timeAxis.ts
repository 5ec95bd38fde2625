const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Distances of the marks below a chart, seconds: what a clock or a calendar shows. */
export const timeSteps = [
  1, 2, 5, 10, 15, 30, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  day, 2 * day, 3 * day, 5 * day, 7 * day, 14 * day, 30 * day,
];

const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', ...options });
  return (seconds: number) => formatter.format(seconds * 1000);
};
const time = { hour: '2-digit', minute: '2-digit' } as const;
const date = { day: 'numeric', month: 'short' } as const;
const clock = format(time);
const exactClock = format({ ...time, second: '2-digit' });
const dayOfYear = format(date);
const dateAndClock = format({ ...date, ...time });
const dateAndExactClock = format({ ...date, ...time, second: '2-digit' });
const weekday = format({ weekday: 'short', ...date, ...time });

/** The marks below a chart, by their distance. Where a day begins its date stands in place of midnight. */
export function timeLabels(splits: readonly number[], step: number): string[] {
  return splits.map((at) => {
    if (step >= day || isMidnight(at)) return dayOfYear(at);
    return step < minute ? exactClock(at) : clock(at);
  });
}

/** A moment as exactly as the picture shows it: `span` is the width of the picture, `step` what one point stands for, both in seconds. */
export function formatMoment(at: number, span: number, step: number): string {
  if (span > 2 * day) return weekday(at);
  if (span > 12 * hour) return step < minute ? dateAndExactClock(at) : dateAndClock(at);
  return step < minute ? exactClock(at) : clock(at);
}

function isMidnight(seconds: number): boolean {
  const local = new Date(seconds * 1000);
  return local.getHours() === 0 && local.getMinutes() === 0 && local.getSeconds() === 0;
}
