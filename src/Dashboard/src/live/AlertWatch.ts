import type { QueryClient } from '@tanstack/react-query';
import type { AlertsChanged } from '../api/alertTypes';
import { alertKeys, incidentKeys } from './keys';

/** Lists are asked for again no more often than this, however many hosts fall over together. */
const renewMs = 1000;

/** Asks for alerts anew when the hub says that they have changed: at once after a quiet time, then for all that came meanwhile together. */
export class AlertWatch {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Incidents that have changed since the last time; null for any. */
  private changed: Set<string> | null = new Set();
  private isWaiting = false;

  constructor(private readonly cache: QueryClient) {}

  change({ incidents }: AlertsChanged): void {
    if (incidents.length === 0) this.changed = null;
    else for (const id of incidents) this.changed?.add(id);
    if (this.timer === undefined) this.renew();
    else this.isWaiting = true;
  }

  /** Anything can have changed. */
  renewAll(): void {
    this.change({ incidents: [], hosts: [] });
  }

  private renew(): void {
    const { changed } = this;
    this.changed = new Set();
    this.isWaiting = false;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.isWaiting) this.renew();
    }, renewMs);
    void this.cache.invalidateQueries({
      queryKey: alertKeys,
      predicate: ({ queryKey }) => changed === null || queryKey[1] !== incidentKeys[1] || changed.has(queryKey[2] as string),
    });
  }
}
