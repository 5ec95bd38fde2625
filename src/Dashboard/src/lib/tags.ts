/** The server's limits. */
export const maxTags = 20;
export const maxTagLength = 50;
export const maxGroupLength = 50;

/** Adds what was typed, which may be several at once; a tag is there once, whatever its case. */
export function addTags(tags: readonly string[], typed: string): string[] {
  const next = [...tags];
  for (const tag of typed.split(',').map((text) => text.trim().slice(0, maxTagLength).trim())) {
    if (tag && next.length < maxTags && !next.some((known) => known.toLowerCase() === tag.toLowerCase())) next.push(tag);
  }

  return next;
}
