import type { CatalogueSeries } from '../api/types';

/** The series whose name, labels or meaning have every word of the search in them. */
export function findSeries(catalogue: readonly CatalogueSeries[], search: string): CatalogueSeries[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return catalogue.filter(({ name, meaning }) => {
    const text = `${name} ${meaning}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** More charts than this on one page are too many to look at, and to ask for. */
export const maxPicked = 8;

/** The series that the address picks, each once. */
export function parsePicked(params: URLSearchParams): string[] {
  return [...new Set(params.getAll('series'))].slice(0, maxPicked);
}

/** The address with one more series, or without it. */
export function togglePicked(params: URLSearchParams, name: string): URLSearchParams {
  const picked = parsePicked(params);
  const next = new URLSearchParams(params);
  next.delete('series');
  for (const each of picked.includes(name) ? picked.filter((other) => other !== name) : [...picked, name].slice(0, maxPicked)) next.append('series', each);
  return next;
}
