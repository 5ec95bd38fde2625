import { useSyncExternalStore } from 'react';
import type { LiveState } from './LiveConnection';
import { useLive } from './LiveContext';

export function useLiveState(): LiveState {
  const { connection } = useLive();
  return useSyncExternalStore(connection.subscribe, () => connection.state);
}
