import { ApiError } from '../api/ApiError';
import { readBody, readFile, request, type DownloadedFile, type Fetch, type Method, type RequestOptions } from '../api/request';
import type { Account, SessionGrant } from '../api/types';
import { retryDelay } from '../live/retryDelay';

/** Why nobody is signed in. */
export type SignedOutReason =
  /** Nobody was. */
  | 'never'
  /** Somebody signed out here. */
  | 'here'
  | 'everywhere'
  | 'otherTab'
  /** The server ended it: from another device, by a new password, or for lack of use. */
  | 'ended'
  | 'disabled';

export type SessionState =
  | { phase: 'starting'; isUnreachable: boolean }
  | { phase: 'signedOut'; why: SignedOutReason }
  | { phase: 'signedIn'; account: Account };

/** What tabs of one browser tell each other: they share the cookie, and with it the session. */
export type SessionMessage = { kind: 'signedOut' } | { kind: 'signedIn'; accountId: number };

/** What the session needs of the browser; a test brings its own. */
export interface SessionWorld {
  fetch: Fetch;
  /** Milliseconds. */
  now: () => number;
  /** Does something later; gives what calls it off. */
  after: (ms: number, work: () => void) => () => void;
  /** Does something while no other tab uses the cookie. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  tell: (message: SessionMessage) => void;
  listen: (listener: (message: SessionMessage) => void) => void;
  /** Whether somebody was signed in when this browser was here last. It is no secret, and saves a stranger a request that is refused. */
  wasSignedIn: () => boolean;
  rememberSignedIn: (isSignedIn: boolean) => void;
  /** The server said what time it is. */
  heardTime: (serverTime: string) => void;
}

/** The page asks for something although nobody is signed in any more. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';

  constructor() {
    super('You are signed out.');
  }
}

/** A token is renewed this long before it ends, or with a fifth of its life left if that is shorter. */
const marginMs = 60_000;

/** A token this close to its end might end on the way. */
const slackMs = 5_000;

/** A browser's timers cannot wait longer; they would go off at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Who is signed in. The access token is in memory alone. What outlives the page is the refresh token, a cookie that no script sees and that is
 * good once: showing a used one ends the session. So all who need a new access token share one refresh, and tabs take turns.
 */
export class Session {
  private readonly listeners = new Set<() => void>();
  private current: SessionState = { phase: 'starting', isUnreachable: false };
  private access: { token: string; endsAt: number } | null = null;
  private renewal: Promise<void> | null = null;
  private cancelRenewal: () => void = () => undefined;
  private leaving: Promise<unknown> = Promise.resolve();
  /** Counts the ends, so that what was asked before one cannot begin the session anew after it. */
  private ends = 0;

  constructor(private readonly world: SessionWorld) {
    world.listen((message) => this.hear(message));
  }

  get state(): SessionState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes up the session that the cookie stands for, if there is one. Tries until the server can be reached. */
  async start(): Promise<void> {
    if (!this.world.wasSignedIn()) return this.end('never');
    for (let attempt = 0; this.current.phase === 'starting'; attempt++) {
      try {
        await this.renew();
      } catch {
        this.set({ phase: 'starting', isUnreachable: true });
        await new Promise<void>((resolve) => this.world.after(retryDelay(attempt), resolve));
      }
    }
  }

  /** A request in the name of who is signed in. One that is refused is repeated with a new token, and only then the session is over. */
  async request<T>(method: Method, path: string, options: Pick<RequestOptions, 'body' | 'signal'> = {}): Promise<T> {
    return this.ask(method, path, options, readBody<T>);
  }

  /** A file, in the name of who is signed in: a link could not bring the token. */
  async download(path: string, accept: string): Promise<DownloadedFile> {
    return this.ask('GET', path, { accept }, readFile);
  }

  private async ask<T>(method: Method, path: string, options: RequestOptions, read: (response: Response) => Promise<T>): Promise<T> {
    const send = async (token: string) => read(await request(this.world.fetch, method, path, { ...options, token }));
    const token = await this.token();
    try {
      return await send(token);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }

    // Of many that are refused at once the first renews, the others find another token here.
    if (this.access?.token === token) await this.renew();
    const renewed = await this.token();
    try {
      return await send(renewed);
    } catch (error) {
      if (isRefused(error) && this.access?.token === renewed) this.end('ended');
      throw error;
    }
  }

  /** A token that is good now. */
  async token(): Promise<string> {
    if (this.access && this.world.now() >= this.access.endsAt - slackMs) await this.renew();
    if (!this.access) throw new SignedOutError();
    return this.access.token;
  }

  /** Finds out whether the session still stands. A server that cannot be reached ends nothing. */
  async check(): Promise<void> {
    try {
      // The server ends the live connection before it has answered who signs out; that is no news.
      await this.leaving;
      const account = await this.request<Account>('GET', '/api/v1/account');
      if (this.current.phase === 'signedIn') this.know(account);
    } catch {
      // If it is over, `request` has ended it.
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    const account = await this.world.inTurn(async () => {
      const grant = await this.post<SessionGrant>('/api/v1/auth/login', { body: { username, password } });
      this.begin(grant);
      return grant.account;
    });
    this.world.tell({ kind: 'signedIn', accountId: account.id });
  }

  async signOut(): Promise<void> {
    const token = this.access?.token;
    await this.leave('here', () => this.world.inTurn(() => this.post('/api/v1/auth/logout', { keepalive: true, ...(token !== undefined && { token }) })));
  }

  /** Ends every session of the account, this one included. */
  async signOutEverywhere(): Promise<void> {
    await this.leave('everywhere', () => this.request('DELETE', '/api/v1/account/sessions'));
  }

  private async leave(why: SignedOutReason, tellServer: () => Promise<unknown>): Promise<void> {
    const told = tellServer().then(() => {
      this.end(why);
      this.world.tell({ kind: 'signedOut' });
    });
    this.leaving = told.catch(() => undefined);
    await told;
  }

  private renew(): Promise<void> {
    this.renewal ??= this.world.inTurn(() => this.useCookie()).finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async useCookie(): Promise<void> {
    const ends = this.ends;
    try {
      const grant = await this.post<SessionGrant>('/api/v1/auth/refresh', { keepalive: true });
      if (ends === this.ends) this.begin(grant);
    } catch (error) {
      if (error instanceof ApiError && error.is('account-disabled')) this.end('disabled');
      else if (isRefused(error)) this.end('ended');
      else throw error;
    }
  }

  private async post<T>(path: string, options: RequestOptions): Promise<T> {
    const response = await request(this.world.fetch, 'POST', path, options);
    const date = response.headers.get('date');
    if (date) this.world.heardTime(date);
    return readBody<T>(response);
  }

  private begin({ accessToken, expiresIn, account }: SessionGrant): void {
    const lifeMs = expiresIn * 1000;
    this.access = { token: accessToken, endsAt: this.world.now() + lifeMs };
    this.renewIn(lifeMs - Math.min(marginMs, lifeMs / 5));
    this.world.rememberSignedIn(true);
    this.know(account);
  }

  private renewIn(ms: number): void {
    this.cancelRenewal();
    this.cancelRenewal = this.world.after(Math.min(ms, longestTimerMs), () => {
      // Whoever needs a token before the next attempt renews it himself.
      this.renew().catch(() => this.renewIn(retryDelay(Infinity)));
    });
  }

  private know(account: Account): void {
    if (this.current.phase === 'signedIn' && isSame(this.current.account, account)) return;
    this.set({ phase: 'signedIn', account });
  }

  private end(why: SignedOutReason): void {
    if (this.current.phase === 'signedOut') return;
    this.ends++;
    this.access = null;
    this.cancelRenewal();
    this.world.rememberSignedIn(false);
    this.set({ phase: 'signedOut', why });
  }

  private hear(message: SessionMessage): void {
    if (message.kind === 'signedOut') {
      this.end('otherTab');
      return;
    }

    // The cookie is another's now, and would make this tab another's at its next refresh: better at once.
    const isAlreadySo = this.current.phase === 'signedIn' && this.current.account.id === message.accountId;
    if (this.current.phase !== 'starting' && !isAlreadySo) this.renew().catch(() => undefined);
  }

  private set(state: SessionState): void {
    this.current = state;
    for (const listener of [...this.listeners]) listener();
  }
}

const isRefused = (error: unknown) => error instanceof ApiError && error.status === 401;

function isSame(a: Account, b: Account): boolean {
  return a.id === b.id && a.username === b.username && a.role === b.role && a.isDisabled === b.isDisabled;
}
