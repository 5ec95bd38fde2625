import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import { isSignInNeeded } from '../api/session';
import { retryDelay } from './retryDelay';

export type LiveState =
  | { phase: 'connecting' }
  | { phase: 'connected' }
  /** `since` is the moment the page was last known to be right, in browser time. */
  | { phase: 'disconnected'; since: number }
  | { phase: 'signIn' };

/** A connection that lasted this long was a real one; before that, the delays go on growing. */
const settledMs = 5000;

/**
 * The one connection to the server, kept up for ever. SignalR's own reconnecting is not used: it neither covers the
 * first attempt nor a server that asks to sign in, and two policies side by side are harder to reason about than one loop.
 */
export class LiveConnection {
  private readonly hub: HubConnection;
  private readonly listeners = new Set<() => void>();
  private current: LiveState = { phase: 'connecting' };
  private wake: () => void = () => undefined;
  private onClosed: () => void = () => undefined;

  constructor(url: string) {
    this.hub = new HubConnectionBuilder().withUrl(url).configureLogging(LogLevel.None).build();
    this.hub.onclose(() => this.onClosed());
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

  /** Tries again now instead of after the delay: somebody signed in, or the network is back. */
  retryNow(): void {
    this.wake();
  }

  /** The server refused a request: what is on the screen must go until somebody signs in. */
  async requireSignIn(): Promise<void> {
    if (this.current.phase === 'signIn') return;
    this.set({ phase: 'signIn' });
    await this.hub.stop();
  }

  async run(): Promise<never> {
    for (let attempt = 0; ; attempt++) {
      const closed = new Promise<void>((resolve) => (this.onClosed = resolve));
      try {
        await this.hub.start();
        const startedAt = Date.now();
        this.set({ phase: 'connected' });
        await closed;
        if (Date.now() - startedAt > settledMs) attempt = -1;
      } catch {
        // The reason does not matter to the loop; whether signing in would help is asked below.
      }

      if (await isSignInNeeded()) {
        this.set({ phase: 'signIn' });
        await this.pause(null);
        attempt = -1;
        continue;
      }

      if (this.current.phase !== 'disconnected') this.set({ phase: 'disconnected', since: Date.now() });
      await this.pause(retryDelay(Math.max(attempt, 0)));
    }
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
