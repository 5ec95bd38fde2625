import { useSyncExternalStore } from 'react';
import { useLive } from './LiveContext';

/** When a watched host was last heard of, in server time: told with every report, so not kept with the rest of its header. */
export function useLastHeard(id: number, lastSeen: string | null): number | null {
  const feed = useLive().feed(id);
  const heard = useSyncExternalStore(feed.subscribe, () => feed.lastHeard);
  const seen = lastSeen === null ? null : Date.parse(lastSeen);
  return heard !== null && (seen === null || heard > seen) ? heard : seen;
}
