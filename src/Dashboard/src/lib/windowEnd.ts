/** What the live view of a host shows. */
export const windowMs = 15 * 60_000;

/**
 * The window follows the server's clock, so that silence is seen as a growing gap at the right. It stands still while
 * the browser is cut off, because then the missing samples are ours; and it stays with the last samples of a host
 * that has been silent for longer than the window is wide: an old picture tells more than an empty one.
 */
export function windowEnd(newest: number | null, now: number, cutOffAt: number | null): number {
  const end = cutOffAt ?? now;
  return newest !== null && end - newest > windowMs ? newest : end;
}
