/** What the live view of a host shows, and what it shows at least while there is only little yet. */
export const windowMs = 15 * 60_000;
const youngWindowMs = 2 * 60_000;

export interface LiveWindow {
  start: number;
  end: number;
}

/**
 * The window follows the server's clock, so that silence is seen as a growing gap at the right. It stands still while
 * the browser is cut off, because then the missing samples are ours; and it stays with the last samples of a host
 * that has been silent for longer than the window is wide: an old picture tells more than an empty one.
 * A host that has only begun to report fills a narrower window first, which grows with it.
 */
export function liveWindow(times: { oldest: number; newest: number } | null, now: number, cutOffAt: number | null): LiveWindow {
  const current = cutOffAt ?? now;
  const end = times && current - times.newest > windowMs ? times.newest : current;
  const start = times ? Math.min(Math.max(times.oldest, end - windowMs), end - youngWindowMs) : end - windowMs;
  return { start, end };
}
