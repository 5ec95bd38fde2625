import type { QueryClient } from '@tanstack/react-query';
import type { AlertsChanged } from '../api/alertTypes';
import type { FleetChange, FleetPage, FleetQuery, HostGone, HostSamples, HostSnapshot, HostStatusChange, Resync, WatchedFleet } from '../api/types';
import { applyFleetChange, applyOvertaken, needsNewPage } from '../lib/fleetChange';
import { AlertWatch } from './AlertWatch';
import { HostFeed } from './HostFeed';
import { fleetKeys, hostKey, hostKeys } from './keys';
import type { LiveConnection } from './LiveConnection';
import { NotFoundError } from './NotFoundError';
import type { ServerClock } from './ServerClock';

/** What the query cache holds of a host: everything but its samples, which are in its feed. */
export type HostHeader = Omit<HostSnapshot, 'series' | 'times' | 'values'>;

/** A page that is left and entered again within this time is watched on. */
const lingerMs = 1000;

/** Asking for the page anew because its hosts changed: no more often than this, however many come and go. */
const newPageMs = 1000;

/** A page hidden for longer than this may have lost messages, or its connection, without noticing. */
const hiddenMs = 5000;

/**
 * Brings what the server sends to where the pages read it: the fleet and the hosts' headers to the query cache,
 * samples to the hosts' feeds. A query of the cache *is* a watch: fetching it starts or repeats the watch,
 * and when nobody looks at it any more the watch ends.
 */
export class Live {
  private readonly feeds = new Map<number, HostFeed>();
  private readonly watchedHosts = new Set<number>();
  private readonly alerts: AlertWatch;
  private isFleetWatched = false;
  private overtaken: FleetChange[] | null = null;
  private newPageTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly connection: LiveConnection, private readonly cache: QueryClient, readonly clock: ServerClock) {
    this.alerts = new AlertWatch(cache);
    connection.on<FleetChange>('FleetChanged', (change) => this.changeFleet(change));
    connection.on<HostSamples>('HostSamples', (message) => {
      if (this.feeds.get(message.id)?.append(message) === false) this.watchAgain(hostKey(message.id));
    });
    connection.on<HostStatusChange>('HostStatus', (change) => this.changeStatus(change));
    connection.on<HostGone>('HostGone', ({ id }) => {
      this.watchedHosts.delete(id);
      // Asking for it again fails, which is what tells the page; its tokens and shares need not be asked for as well.
      void cache.invalidateQueries({ queryKey: hostKey(id), exact: true });
    });
    connection.on<AlertsChanged>('AlertsChanged', (change) => this.alerts.change(change));
    connection.on<Resync>('Resync', ({ hostId }) => this.watchAgain(hostId === null ? fleetKeys : hostKey(hostId)));

    let phase = connection.state.phase;
    connection.subscribe(() => {
      const before = phase;
      phase = connection.state.phase;
      if (phase !== 'connected' || before === 'connected') return;
      this.isFleetWatched = false;
      this.watchedHosts.clear();
      this.watchEverythingAgain();
    });

    cache.getQueryCache().subscribe((event) => {
      if (event.type === 'observerRemoved') setTimeout(() => this.stopWatching(), lingerMs);
      if (event.type === 'removed') this.forget(event.query.queryKey);
    });

    let hiddenAt: number | null = null;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        hiddenAt = Date.now();
        return;
      }

      connection.retryNow();
      if (hiddenAt !== null && Date.now() - hiddenAt > hiddenMs) this.watchEverythingAgain();
      hiddenAt = null;
    });
    addEventListener('online', () => connection.retryNow());
  }

  /** Forgets everything: it was for somebody else's eyes. */
  reset(): void {
    this.cache.clear();
    this.feeds.clear();
    this.watchedHosts.clear();
    this.isFleetWatched = false;
    this.overtaken = null;
  }

  feed(id: number): HostFeed {
    let feed = this.feeds.get(id);
    if (!feed) {
      feed = new HostFeed();
      this.feeds.set(id, feed);
    }

    return feed;
  }

  async watchFleet(query: FleetQuery, signal: AbortSignal): Promise<WatchedFleet> {
    // The server replaces the query it watches for this browser, so only the last of several counts.
    const overtaken: FleetChange[] = [];
    this.overtaken = overtaken;
    try {
      const page = await this.connection.invoke<FleetPage>('WatchFleet', query, signal);
      this.isFleetWatched = true;
      this.clock.sync(page.serverTime);
      return applyOvertaken({ ...page, asked: query }, overtaken);
    } finally {
      if (this.overtaken === overtaken) this.overtaken = null;
    }
  }

  async watchHost(id: number, signal: AbortSignal): Promise<HostHeader> {
    const feed = this.feed(id);
    feed.expectSnapshot();
    try {
      const { series, times, values, ...header } = await this.connection.invoke<HostSnapshot>('WatchHost', id, signal);
      this.watchedHosts.add(id);
      this.clock.sync(header.serverTime);
      feed.load({ ...header, series, times, values });
      return header;
    } catch (error) {
      // The hub can only send a text; SignalR puts its own words around it.
      throw error instanceof Error && /not found/i.test(error.message) ? new NotFoundError() : error;
    }
  }

  private changeFleet(change: FleetChange): void {
    this.overtaken?.push(change);
    for (const query of this.cache.getQueryCache().findAll({ queryKey: fleetKeys, type: 'active' })) {
      const page = query.state.data as WatchedFleet | undefined;
      if (!page) continue;
      const asked = query.queryKey[1] as FleetQuery;
      if (needsNewPage(page, change, asked.status !== undefined || asked.sort === 'status')) this.askForNewPage();
      this.cache.setQueryData<WatchedFleet>(query.queryKey, applyFleetChange(page, change));
    }
  }

  private askForNewPage(): void {
    this.newPageTimer ??= setTimeout(() => {
      this.newPageTimer = undefined;
      this.watchAgain(fleetKeys);
    }, newPageMs);
  }

  private changeStatus({ id, status, lastSeen }: HostStatusChange): void {
    const known = this.cache.getQueryData<HostHeader>(hostKey(id));
    if (!known) return;
    // Said with every report; only the few places that show the time should notice.
    if (lastSeen !== null) this.feeds.get(id)?.heard(Date.parse(lastSeen));
    if (known.status === status) return;
    this.cache.setQueryData<HostHeader>(hostKey(id), { ...known, status, lastSeen });
    // With a new status much else can be new: the agent after its first report, the kernel after a reboot.
    this.watchAgain(hostKey(id));
  }

  private watchEverythingAgain(): void {
    this.watchAgain(fleetKeys);
    this.watchAgain(hostKeys);
    this.alerts.renewAll();
  }

  private watchAgain(queryKey: readonly unknown[]): void {
    void this.cache.invalidateQueries({ queryKey });
  }

  private stopWatching(): void {
    const queries = this.cache.getQueryCache();
    if (this.isFleetWatched && queries.findAll({ queryKey: fleetKeys, type: 'active' }).length === 0) {
      this.isFleetWatched = false;
      this.connection.tell('UnwatchFleet');
    }

    for (const id of this.watchedHosts) {
      // The header is the watch; what else is asked of a host, such as its history, needs none.
      if (queries.findAll({ queryKey: hostKey(id), exact: true, type: 'active' }).length > 0) continue;
      this.watchedHosts.delete(id);
      this.connection.tell('UnwatchHost', id);
    }
  }

  private forget(queryKey: unknown): void {
    const [kind, id, part] = queryKey as readonly unknown[];
    if (kind === hostKeys[0] && typeof id === 'number' && part === undefined) this.feeds.delete(id);
  }
}
