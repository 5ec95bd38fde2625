/** A choice of this person in this browser. Storage can be forbidden or full; then a choice lasts until the page is left. */
export function readChoice(key: string): string | null {
  try {
    return localStorage.getItem(`statusmonitor.${key}`);
  } catch {
    return null;
  }
}

export function storeChoice(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`statusmonitor.${key}`);
    else localStorage.setItem(`statusmonitor.${key}`, value);
  } catch {
    // Nothing to do about it, and the page works without.
  }
}
