import { liveWindow, type LiveWindow } from '../lib/liveWindow';
import { useTick } from '../lib/ticker';
import { useLive } from './LiveContext';
import { useLiveState } from './useLiveState';

/** The sliding window of a host's charts, in server time; moves on every second. */
export function useLiveWindow(times: { oldest: number; newest: number } | null): LiveWindow {
  const { clock } = useLive();
  const state = useLiveState();
  useTick();
  return liveWindow(times, clock.now(), state.phase === 'disconnected' ? clock.at(state.since) : null);
}
