/** Units that people set durations in. */
export const durationUnits = [
  { unit: 's', seconds: 1, name: 'seconds' },
  { unit: 'min', seconds: 60, name: 'minutes' },
  { unit: 'h', seconds: 3600, name: 'hours' },
  { unit: 'd', seconds: 86_400, name: 'days' },
] as const;

export type DurationUnit = (typeof durationUnits)[number]['unit'];

/** What somebody typed: a number and its unit. The number is a text, as it can be half finished. */
export interface DurationDraft {
  count: string;
  unit: DurationUnit;
}

/** In the largest unit that it is a whole number of: 300 is 5 minutes. None at all is in the unit that is usual there. */
export function splitDuration(seconds: number | null | undefined, usual: DurationUnit): DurationDraft {
  if (!seconds) return { count: seconds === 0 ? '0' : '', unit: usual };
  const { unit, seconds: size } = durationUnits.findLast((each) => seconds % each.seconds === 0) ?? durationUnits[0];
  return { count: (seconds / size).toString(), unit };
}

/** Seconds; null if it is no duration. Nothing typed is none at all: 0. */
export function joinDuration({ count, unit }: DurationDraft): number | null {
  const number = count.trim() === '' ? 0 : Number(count.replace(',', '.'));
  if (!Number.isFinite(number) || number < 0) return null;
  return Math.round(number * (durationUnits.find((each) => each.unit === unit)?.seconds ?? 1));
}

/** All parts of a duration, as it was set: `1 min 30 s`. */
export function formatExactly(seconds: number): string {
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const { unit, seconds: size } of durationUnits.toReversed()) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }

  return parts.join(' ') || '0 s';
}
