import { readChoice, storeChoice } from '../lib/storedChoice';
import type { SessionMessage, SessionWorld } from './Session';
import { storedNote } from './storedNote';
import { takingTurns } from './turns';

/** A request that got no answer by then will get none; waiting on would hold up every other tab. */
const patienceMs = 30_000;

/** The session's world in a real browser. Locks are only there on HTTPS and on the machine itself. */
export function browserWorld(heardTime: (serverTime: string) => void): SessionWorld {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('statusmonitor.session') : null;
  const locks = (navigator as { locks?: LockManager }).locks;
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const after = (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  };
  return {
    fetch: (path, init) => fetch(path, { ...init, signal: init.signal ?? AbortSignal.timeout(patienceMs) }),
    now: () => Date.now(),
    after,
    inTurn: takingTurns(locks, storedNote(), () => Date.now(), wait, Math.random().toString(36).slice(2)),
    tell: (message) => channel?.postMessage(message),
    listen: (listener) => channel?.addEventListener('message', (event: MessageEvent<SessionMessage>) => listener(event.data)),
    wasSignedIn: () => !canRemember() || readChoice('signedIn') !== null,
    rememberSignedIn: (isSignedIn) => storeChoice('signedIn', isSignedIn ? 'yes' : null),
    heardTime,
  };
}

/** Where nothing can be remembered, the only way to know is to ask. */
function canRemember(): boolean {
  try {
    localStorage.getItem('statusmonitor.signedIn');
    return true;
  } catch {
    return false;
  }
}
