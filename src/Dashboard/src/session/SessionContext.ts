import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Account } from '../api/types';
import type { Session, SessionState } from './Session';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('The page is outside of SessionContext.');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** The account a page is shown to; for pages that are only shown to somebody. */
export function useAccount(): Account {
  const state = useSessionState();
  if (state.phase !== 'signedIn') throw new Error('Nobody is signed in.');
  return state.account;
}
