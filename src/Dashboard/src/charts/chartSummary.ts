import type { ChartLine, ChartValues } from './chartLine';

interface Summary {
  lowest: number;
  mean: number;
  highest: number;
}

/** The picture in words, for who does not see it: what each line was like. */
export function summarise(lines: readonly ChartLine[], format: (value: number) => string): string {
  const known = lines.flatMap((line) => {
    const summary = summariseLine(line);
    return summary ? [`${line.label}: mean ${format(summary.mean)}, from ${format(summary.lowest)} to ${format(summary.highest)}.`] : [];
  });
  return known.length > 0 ? known.join(' ') : 'No data in this range.';
}

function summariseLine({ values, band }: ChartLine): Summary | null {
  const mean = meanOf(values);
  if (mean === null) return null;
  return { mean, lowest: extreme(band?.min ?? values, Math.min, Infinity), highest: extreme(band?.max ?? values, Math.max, -Infinity) };
}

/** The mean of what is known, or null if nothing is. */
export function meanOf(values: ChartValues): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    sum += value;
    count++;
  }

  return count > 0 ? sum / count : null;
}

function extreme(values: ChartValues, choose: (a: number, b: number) => number, begin: number): number {
  return values.reduce<number>((best, value) => (value === null || value === undefined ? best : choose(best, value)), begin);
}
