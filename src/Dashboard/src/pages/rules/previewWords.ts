import type { Episode, RulePreview } from '../../api/alertTypes';
import { plural } from '../../lib/format';

/** Stretches that a preview looks back over. */
export const previewRanges = [
  { value: '-24h', label: '24 h', words: '24 hours' },
  { value: '-7d', label: '7 d', words: '7 days' },
  { value: '-30d', label: '30 d', words: '30 days' },
] as const;

export type PreviewRange = (typeof previewRanges)[number]['value'];

/** `Would have fired 3 times in the last 7 days`. */
export function previewSentence(preview: Pick<RulePreview, 'fired'>, range: PreviewRange): string {
  const words = previewRanges.find(({ value }) => value === range)?.words ?? range;
  if (preview.fired === 0) return `Would not have fired in the last ${words}`;
  return `Would have fired ${preview.fired === 1 ? 'once' : preview.fired === 2 ? 'twice' : `${preview.fired.toLocaleString('en')} times`} in the last ${words}`;
}

export const resolutionWords: Record<RulePreview['resolution'], string> = {
  sample: 'Every sample was looked at.',
  minute: 'Means of a minute were looked at: what is shorter may be missing.',
  quarterHour: 'Means of a quarter of an hour were looked at: what is shorter is missing.',
};

/** Series with something to show first; the others in their order. */
export function byEpisodes<T extends { episodes: readonly unknown[] }>(series: readonly T[]): T[] {
  return series.toSorted((a, b) => b.episodes.length - a.episodes.length);
}

/** The newest of all series, newest first. */
export function newestEpisodes(series: readonly { name: string; episodes: readonly Episode[] }[], most: number): (Episode & { name: string })[] {
  return series.flatMap(({ name, episodes }) => episodes.map((episode) => ({ ...episode, name }))).toSorted((a, b) => b.from - a.from).slice(0, most);
}

export function hiddenWords(hidden: number): string {
  return hidden > 0 ? `${plural(hidden, 'more series is', 'more series are')} not drawn.` : '';
}
