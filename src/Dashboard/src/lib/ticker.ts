import { useSyncExternalStore } from 'react';

// One timer for everything on the page that counts seconds; it stands still while nobody counts.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

/** Calls back once a second while the page can be seen; gives what ends it. */
export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick++;
    if (!document.hidden) for (const each of [...listeners]) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Renders the calling component once a second; the number itself only tells the seconds apart. */
export function useTick(): number {
  return useSyncExternalStore(onTick, () => tick);
}
