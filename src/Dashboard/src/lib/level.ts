export type Level = 'normal' | 'warn' | 'bad';

/** From here on a resource is worth a look, from there on it is nearly gone. */
export const warnPercent = 70;
export const badPercent = 90;

export function levelOf(percent: number | null): Level {
  if (percent === null || percent < warnPercent) return 'normal';
  return percent < badPercent ? 'warn' : 'bad';
}
