import { useSyncExternalStore } from 'react';
import { readChoice, storeChoice } from './storedChoice';

export type Theme = 'light' | 'dark';

// public/theme.js sets the attribute before the first paint; from then on it is changed here.
const listeners = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = (): Theme => (system.matches ? 'dark' : 'light');
const currentTheme = (): Theme => (document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

system.addEventListener('change', () => {
  if (readChoice('theme') === null) apply(systemTheme());
});

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  for (const listener of [...listeners]) listener();
}

/** Choosing what the system has anyway means: follow the system again. */
export function toggleTheme(): void {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  storeChoice('theme', next === systemTheme() ? null : next);
  apply(next);
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
