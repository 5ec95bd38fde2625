import { useSyncExternalStore } from 'react';
import type { HostView } from '../lib/hostView';
import { useLive } from './LiveContext';

/** The samples of a host that `useHost` watches. Renders only the component that calls it. */
export function useHostView(id: number): HostView {
  const feed = useLive().feed(id);
  return useSyncExternalStore(feed.subscribe, () => feed.view);
}
