export type Level = 'normal' | 'warn' | 'bad';

/** From here on a resource is worth a look, from there on it is nearly gone. */
export const warnPercent = 70;
export const badPercent = 90;

export function levelOf(percent: number | null): Level {
  if (percent === null) return 'normal';
  // As it is printed: two hosts that both say 70% have one colour.
  const printed = Math.round(percent);
  return printed < warnPercent ? 'normal' : printed < badPercent ? 'warn' : 'bad';
}
