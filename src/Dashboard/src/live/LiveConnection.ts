import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Session } from '../session/Session';
import { retryDelay } from './retryDelay';

export type LiveState =
  | { phase: 'connecting' }
  | { phase: 'connected' }
  /** `since` is the moment the page was last known to be right, in browser time. */
  | { phase: 'disconnected'; since: number };

/** A connection that lasted this long was a real one; before that, the delays go on growing. */
const settledMs = 5000;

/**
 * The one connection to the server, kept up for as long as somebody is signed in. SignalR's own reconnecting is not used: it neither covers the
 * first attempt nor a session that has ended, and two policies side by side are harder to reason about than one loop.
 */
export class LiveConnection {
  private readonly hub: HubConnection;
  private readonly listeners = new Set<() => void>();
  private current: LiveState = { phase: 'connecting' };
  private wake: () => void = () => undefined;
  private onClosed: () => void = () => undefined;

  constructor(url: string, private readonly session: Session) {
    this.hub = new HubConnectionBuilder().withUrl(url, { accessTokenFactory: () => session.token() }).configureLogging(LogLevel.None).build();
    this.hub.onclose(() => this.onClosed());
    let account = this.accountId;
    session.subscribe(() => {
      if (account === this.accountId) return;
      account = this.accountId;
      // What the connection sends is meant for who opened it.
      this.set({ phase: 'connecting' });
      void this.hub.stop();
      this.wake();
    });
  }

  get state(): LiveState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  on<T>(event: string, handler: (message: T) => void): void {
    this.hub.on(event, handler);
  }

  /** Calls the hub as soon as there is a connection. */
  async invoke<T>(method: string, argument: unknown, signal: AbortSignal): Promise<T> {
    await this.whenConnected(signal);
    return this.hub.invoke<T>(method, argument);
  }

  /** Tells the hub something that is pointless without a connection. */
  tell(method: string, ...args: unknown[]): void {
    // Whatever goes wrong here, the closing connection takes the watch with it.
    if (this.hub.state === HubConnectionState.Connected) this.hub.send(method, ...args).catch(() => undefined);
  }

  /** Tries again now instead of after the delay: the network is back, or somebody looks again. */
  retryNow(): void {
    this.wake();
  }

  async run(): Promise<never> {
    for (let attempt = 0; ; attempt++) {
      const account = this.accountId;
      if (account === null) {
        await this.pause(null);
        attempt = -1;
        continue;
      }

      const closed = new Promise<void>((resolve) => (this.onClosed = resolve));
      try {
        await this.hub.start();
        const startedAt = Date.now();
        if (account === this.accountId) this.set({ phase: 'connected' });
        else void this.hub.stop();
        await closed;
        if (Date.now() - startedAt > settledMs) attempt = -1;
      } catch {
        // The reason does not matter to the loop; whether the session still stands is asked below.
      }

      await this.session.check();
      if (account !== this.accountId) {
        attempt = -1;
        continue;
      }

      if (this.current.phase !== 'disconnected') this.set({ phase: 'disconnected', since: Date.now() });
      await this.pause(retryDelay(Math.max(attempt, 0)));
    }
  }

  private get accountId(): number | null {
    return this.session.state.phase === 'signedIn' ? this.session.state.account.id : null;
  }

  private pause(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (ms !== null) setTimeout(resolve, ms);
    });
  }

  private whenConnected(signal: AbortSignal): Promise<void> {
    if (this.current.phase === 'connected') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const unsubscribe = this.subscribe(() => {
        if (this.current.phase !== 'connected') return;
        unsubscribe();
        resolve();
      });
      signal.addEventListener('abort', () => {
        unsubscribe();
        reject(new Error('No longer wanted.'));
      });
    });
  }

  private set(state: LiveState): void {
    this.current = state;
    for (const listener of [...this.listeners]) listener();
  }
}
