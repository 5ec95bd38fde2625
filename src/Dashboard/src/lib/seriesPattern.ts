import { parseSeriesName } from './seriesName';

/**
 * Whether a pattern picks a series, as the server does it: by its full name, by the name without labels, or by labels whose values may have `*` for anything.
 * Labels that the pattern does not name may be whatever they are.
 */
export function matchesSeries(pattern: string, series: string): boolean {
  const wanted = parseSeriesName(pattern.trim().replace(/\{\*\}$/, ''));
  const known = parseSeriesName(series);
  if (wanted.base !== known.base) return false;
  return wanted.labels.every(({ name, value }) => known.labels.some((label) => label.name === name && isLike(label.value, value)));
}

/** What a pattern can be, for a host that has these series: each name, and for several with one label that label with any value. */
export function suggestPatterns(series: readonly string[]): string[] {
  const names = new Map<string, string[]>();
  for (const name of series) {
    const { base } = parseSeriesName(name);
    names.set(base, [...(names.get(base) ?? []), name]);
  }

  return [...names].flatMap(([base, all]) => (all.length === 1 && all[0] === base ? [base] : [base, ...all])).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(text);
}
