import { useTick } from '../lib/ticker';
import { windowEnd } from '../lib/windowEnd';
import { useLive } from './LiveContext';
import { useLiveState } from './useLiveState';

/** Where the sliding window of a host's charts ends, in server time; moves on every second. */
export function useWindowEnd(newest: number | null): number {
  const { clock } = useLive();
  const state = useLiveState();
  useTick();
  return windowEnd(newest, clock.now(), state.phase === 'disconnected' ? clock.at(state.since) : null);
}
