import { useSyncExternalStore } from 'react';
import type { Incident } from '../api/alertTypes';
import { readChoice, storeChoice } from '../lib/storedChoice';

const key = 'browserNotices';
const listeners = new Set<() => void>();

/** Whether this browser can show notifications at all, whether it may, and whether it shall. */
export type NoticeState = 'unsupported' | 'denied' | 'off' | 'on';

function readState(): NoticeState {
  // Not there on pages that did not come over HTTPS, other than from this machine.
  if (typeof Notification === 'undefined') return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && readChoice(key) === 'on' ? 'on' : 'off';
}

export function useNoticeState(): NoticeState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readState);
}

/** Switches them; the browser asks the person if it has not yet. */
export async function switchNotices(isOn: boolean): Promise<void> {
  storeChoice(key, isOn ? 'on' : null);
  if (isOn && Notification.permission === 'default') await Notification.requestPermission();
  for (const listener of [...listeners]) listener();
}

/** More at once than this nobody reads; the rest is told as a number. */
const mostAtOnce = 3;

/** Which of the newest incidents are new: none of those that were there when the page was opened, and none twice. */
export class Novelty {
  private known: Set<string> | null = null;

  /** The new ones, newest first. The first list only says what there is already. */
  take(incidents: readonly Pick<Incident, 'id'>[]): string[] {
    const { known } = this;
    const fresh = known === null ? [] : incidents.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    // One that left the list of the newest cannot come back as new, as ids that are there stay known for as long as they are.
    this.known = new Set([...incidents.map(({ id }) => id), ...[...(known ?? [])].slice(0, mostKnown)]);
    return fresh;
  }
}

const mostKnown = 200;

export const shownAtOnce = <T>(fresh: readonly T[]) => ({ shown: fresh.slice(0, mostAtOnce), more: Math.max(0, fresh.length - mostAtOnce) });
