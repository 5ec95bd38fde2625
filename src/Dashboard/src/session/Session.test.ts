import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../api/types';
import { Session, SignedOutError, type SessionMessage, type SessionWorld } from './Session';

const ann: Account = { id: 1, username: 'ann', role: 'user', isDisabled: false, createdAt: '2026-01-01T00:00:00Z' };
const bob: Account = { ...ann, id: 2, username: 'bob' };

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, kind: string) => json(status, { type: `/problems/${kind}`, title: kind });
const grant = (accessToken: string, account = ann, expiresIn = 1800) => json(200, { accessToken, expiresIn, account });

interface Call {
  path: string;
  method: string;
  token: string | null;
  keepalive: boolean;
}

/** A browser and a server made of plain values: time stands still until it is moved, and every answer is given by the test. */
class TestWorld implements SessionWorld {
  time = 1_000_000;
  mark = true;
  readonly calls: Call[] = [];
  readonly told: SessionMessage[] = [];
  readonly heard: string[] = [];
  answer: (call: Call) => Response | Promise<Response> = () => problem(500, 'unexpected');
  private timers: { at: number; work: () => void }[] = [];
  private readonly listeners: ((message: SessionMessage) => void)[] = [];

  fetch = async (path: string, init: RequestInit) => {
    const token = new Headers(init.headers).get('authorization');
    const call = { path, method: init.method ?? 'GET', token: token?.replace('Bearer ', '') ?? null, keepalive: init.keepalive ?? false };
    this.calls.push(call);
    return this.answer(call);
  };
  now = () => this.time;
  after = (ms: number, work: () => void) => {
    const timer = { at: this.time + ms, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  };
  inTurn = <T>(work: () => Promise<T>) => work();
  tell = (message: SessionMessage) => void this.told.push(message);
  listen = (listener: (message: SessionMessage) => void) => void this.listeners.push(listener);
  wasSignedIn = () => this.mark;
  rememberSignedIn = (isSignedIn: boolean) => {
    this.mark = isSignedIn;
  };
  heardTime = (time: string) => void this.heard.push(time);

  hear(message: SessionMessage): void {
    for (const listener of this.listeners) listener(message);
  }

  get nextTimerIn(): number | null {
    return this.timers.length > 0 ? Math.min(...this.timers.map(({ at }) => at)) - this.time : null;
  }

  async advance(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { work } of due) work();
    await settle();
  }

  paths(): string[] {
    return this.calls.map(({ path }) => path.replace('/api/v1/', ''));
  }
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

let world: TestWorld;
let session: Session;

beforeEach(() => {
  world = new TestWorld();
  session = new Session(world);
});

async function signedIn(token = 'first', expiresIn = 1800): Promise<void> {
  world.answer = () => grant(token, ann, expiresIn);
  await session.start();
  world.calls.length = 0;
}

describe('starting', () => {
  it('takes up the session of the cookie', async () => {
    world.answer = () => grant('first');
    await session.start();
    expect(session.state).toEqual({ phase: 'signedIn', account: ann });
    expect(world.calls).toEqual([{ path: '/api/v1/auth/refresh', method: 'POST', token: null, keepalive: true }]);
  });

  it('asks nothing where nobody was signed in', async () => {
    world.mark = false;
    await session.start();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'never' });
    expect(world.calls).toEqual([]);
  });

  it('says that a session has ended', async () => {
    world.answer = () => problem(401, 'session-ended');
    await session.start();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'ended' });
    expect(world.mark).toBe(false);
  });

  it('says that the account is disabled', async () => {
    world.answer = () => problem(403, 'account-disabled');
    await session.start();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'disabled' });
  });

  it('tries on until the server can be reached, and then takes its answer', async () => {
    let isUp = false;
    world.answer = () => (isUp ? grant('first') : Promise.reject(new TypeError('Failed to fetch')));
    const started = session.start();
    await settle();
    expect(session.state).toEqual({ phase: 'starting', isUnreachable: true });
    await world.advance(world.nextTimerIn ?? NaN);
    expect(session.state.phase).toBe('starting');
    isUp = true;
    await world.advance(world.nextTimerIn ?? NaN);
    await started;
    expect(session.state.phase).toBe('signedIn');
  });

  it('is not ended by a server that fails', async () => {
    world.answer = () => problem(503, 'storage-failed');
    void session.start();
    await settle();
    expect(session.state).toEqual({ phase: 'starting', isUnreachable: true });
    expect(world.mark).toBe(true);
  });
});

describe('renewing', () => {
  it('happens a minute before the token ends', async () => {
    await signedIn();
    expect(world.nextTimerIn).toBe((1800 - 60) * 1000);
    world.answer = () => grant('second');
    await world.advance(1740_000);
    expect(await session.token()).toBe('second');
    expect(world.paths()).toEqual(['auth/refresh']);
  });

  it('leaves a short token a fifth of its life', async () => {
    await signedIn('first', 60);
    expect(world.nextTimerIn).toBe(48_000);
  });

  it('does not go round in circles with a token that is good for months', async () => {
    await signedIn('first', 90 * 86_400);
    expect(world.nextTimerIn).toBe(2 ** 31 - 1);
  });

  it('is tried again when the server cannot be reached, and the old token is used meanwhile', async () => {
    await signedIn();
    world.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await world.advance(1740_000);
    expect(session.state.phase).toBe('signedIn');
    expect(await session.token()).toBe('first');
    world.answer = () => grant('second');
    await world.advance(world.nextTimerIn ?? NaN);
    expect(await session.token()).toBe('second');
  });

  it('is done by whoever needs a token that has ended, such as after a long sleep', async () => {
    await signedIn();
    world.time += 86_400_000;
    world.answer = () => grant('second');
    expect(await session.token()).toBe('second');
  });

  it('is shared by all who wait for it', async () => {
    await signedIn();
    world.time += 86_400_000;
    world.answer = () => grant('second');
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual(['second', 'second', 'second']);
    expect(world.paths()).toEqual(['auth/refresh']);
  });

  it('follows a role that was changed', async () => {
    await signedIn();
    world.answer = () => grant('second', { ...ann, role: 'administrator' });
    await world.advance(1740_000);
    expect(session.state).toMatchObject({ account: { role: 'administrator' } });
  });

  it('tells nobody of an account that is as it was', async () => {
    await signedIn();
    let changes = 0;
    session.subscribe(() => changes++);
    world.answer = () => grant('second', { ...ann });
    await world.advance(1740_000);
    expect(changes).toBe(0);
  });
});

describe('a request', () => {
  it('brings the token and gives the answer', async () => {
    await signedIn();
    world.answer = () => json(200, { hello: 'world' });
    expect(await session.request('GET', '/api/v1/hosts')).toEqual({ hello: 'world' });
    expect(world.calls).toEqual([{ path: '/api/v1/hosts', method: 'GET', token: 'first', keepalive: false }]);
  });

  it('that is refused renews once and is repeated', async () => {
    await signedIn();
    world.answer = ({ path, token }) => (path.endsWith('refresh') ? grant('second') : token === 'second' ? json(200, 'done') : problem(401, 'not-signed-in'));
    expect(await session.request('DELETE', '/api/v1/hosts/7')).toBe('done');
    expect(world.paths()).toEqual(['hosts/7', 'auth/refresh', 'hosts/7']);
  });

  it('shares the renewing with others that are refused, also with one that comes late', async () => {
    await signedIn();
    let release: (response: Response) => void = () => undefined;
    const late = new Promise<Response>((resolve) => (release = resolve));
    world.answer = ({ path, token }) => {
      if (path.endsWith('refresh')) return grant('second');
      if (token === 'second') return json(200, path);
      return path.endsWith('slow') ? late : problem(401, 'not-signed-in');
    };
    const slow = session.request('GET', '/slow');
    await Promise.all([session.request('GET', '/a'), session.request('GET', '/b')]);
    release(problem(401, 'not-signed-in'));
    expect(await slow).toBe('/slow');
    expect(world.calls.filter(({ path }) => path.endsWith('refresh'))).toHaveLength(1);
  });

  it('that is refused with a new token as well ends the session', async () => {
    await signedIn();
    world.answer = ({ path }) => (path.endsWith('refresh') ? grant('second') : problem(401, 'not-signed-in'));
    await expect(session.request('GET', '/x')).rejects.toMatchObject({ status: 401 });
    expect(session.state).toEqual({ phase: 'signedOut', why: 'ended' });
    expect(world.paths().filter((path) => path === '/x')).toHaveLength(2);
  });

  it('that cannot be renewed for ends the session', async () => {
    await signedIn();
    world.answer = () => problem(401, 'session-ended');
    await expect(session.request('GET', '/x')).rejects.toBeInstanceOf(SignedOutError);
    expect(session.state).toEqual({ phase: 'signedOut', why: 'ended' });
  });

  it('for a file is renewed for and repeated like any other', async () => {
    await signedIn();
    world.answer = ({ path, token }) => {
      if (path.endsWith('/refresh')) return grant('t2');
      return token === 't2' ? new Response('a,b', { headers: { 'content-disposition': 'attachment; filename="h.csv"' } }) : problem(401, 'unauthorized');
    };
    const file = await session.download('/x?format=csv', 'text/csv');
    expect(file.name).toBe('h.csv');
    expect(await file.content.text()).toBe('a,b');
  });

  it('is refused by the page itself once nobody is signed in', async () => {
    world.mark = false;
    await session.start();
    await expect(session.request('GET', '/x')).rejects.toBeInstanceOf(SignedOutError);
    expect(world.calls).toEqual([]);
  });

  it('does not end the session if the server fails while it renews', async () => {
    await signedIn();
    world.answer = ({ path }) => (path.endsWith('refresh') ? problem(503, 'busy') : problem(401, 'not-signed-in'));
    await expect(session.request('GET', '/x')).rejects.toMatchObject({ status: 503 });
    expect(session.state.phase).toBe('signedIn');
  });

  it('keeps what a person may not do apart from who they are', async () => {
    await signedIn();
    world.answer = () => problem(403, 'not-allowed');
    await expect(session.request('GET', '/x')).rejects.toMatchObject({ status: 403 });
    expect(session.state.phase).toBe('signedIn');
    expect(world.calls).toHaveLength(1);
  });
});

describe('signing in and out', () => {
  it('tells the other tabs', async () => {
    world.mark = false;
    await session.start();
    world.answer = () => grant('first');
    await session.signIn('ann', 'secret phrase');
    expect(session.state).toEqual({ phase: 'signedIn', account: ann });
    expect(world.mark).toBe(true);
    world.answer = () => new Response(null, { status: 204 });
    await session.signOut();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'here' });
    expect(world.told).toEqual([{ kind: 'signedIn', accountId: 1 }, { kind: 'signedOut' }]);
    expect(world.nextTimerIn).toBeNull();
  });

  it('stays signed in if the server could not be told', async () => {
    await signedIn();
    world.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(session.signOut()).rejects.toThrow('The server cannot be reached.');
    expect(session.state.phase).toBe('signedIn');
    expect(world.told).toEqual([]);
  });

  it('leaves everything as it was if the password is wrong', async () => {
    world.mark = false;
    await session.start();
    world.answer = () => problem(401, 'wrong-credentials');
    await expect(session.signIn('ann', 'wrong')).rejects.toMatchObject({ status: 401 });
    expect(session.state).toEqual({ phase: 'signedOut', why: 'never' });
    expect(world.paths()).toEqual(['auth/login']);
  });

  it('can be everywhere at once', async () => {
    await signedIn();
    world.answer = () => new Response(null, { status: 204 });
    await session.signOutEverywhere();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'everywhere' });
    expect(world.calls).toMatchObject([{ method: 'DELETE', path: '/api/v1/account/sessions', token: 'first' }]);
    expect(world.told).toEqual([{ kind: 'signedOut' }]);
  });

  it('is not undone by a refresh that was on its way', async () => {
    await signedIn();
    let release: (response: Response) => void = () => undefined;
    world.answer = () => new Promise<Response>((resolve) => (release = resolve));
    await world.advance(1740_000);
    world.hear({ kind: 'signedOut' });
    release(grant('second'));
    await settle();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'otherTab' });
    await expect(session.token()).rejects.toBeInstanceOf(SignedOutError);
  });

  it('hears the server’s time', async () => {
    world.answer = () => json(200, { accessToken: 'first', expiresIn: 1800, account: ann }, { date: 'Sun, 22 Nov 2026 08:00:00 GMT' });
    await session.start();
    expect(world.heard).toEqual(['Sun, 22 Nov 2026 08:00:00 GMT']);
  });
});

describe('what other tabs do', () => {
  it('signs out here as well', async () => {
    await signedIn();
    world.hear({ kind: 'signedOut' });
    expect(session.state).toEqual({ phase: 'signedOut', why: 'otherTab' });
    expect(world.nextTimerIn).toBeNull();
  });

  it('signs in here as well', async () => {
    world.mark = false;
    await session.start();
    world.answer = () => grant('theirs');
    world.hear({ kind: 'signedIn', accountId: 1 });
    await settle();
    expect(session.state).toEqual({ phase: 'signedIn', account: ann });
  });

  it('makes this tab the other account’s at once', async () => {
    await signedIn();
    world.answer = () => grant('theirs', bob);
    world.hear({ kind: 'signedIn', accountId: 2 });
    await settle();
    expect(session.state).toEqual({ phase: 'signedIn', account: bob });
  });

  it('changes nothing if it is the same account', async () => {
    await signedIn();
    world.hear({ kind: 'signedIn', accountId: 1 });
    await settle();
    expect(world.calls).toEqual([]);
  });
});

describe('check', () => {
  it('finds out that the session has ended', async () => {
    await signedIn();
    world.answer = () => problem(401, 'session-ended');
    await session.check();
    expect(session.state).toEqual({ phase: 'signedOut', why: 'ended' });
  });

  it('learns what became of the account', async () => {
    await signedIn();
    world.answer = () => json(200, { ...ann, role: 'administrator' });
    await session.check();
    expect(session.state).toMatchObject({ phase: 'signedIn', account: { role: 'administrator' } });
  });

  it('waits for who signs out just now', async () => {
    await signedIn();
    let release: (response: Response) => void = () => undefined;
    world.answer = () => new Promise<Response>((resolve) => (release = resolve));
    const left = session.signOut();
    const checked = session.check();
    await settle();
    release(new Response(null, { status: 204 }));
    await Promise.all([left, checked]);
    expect(session.state).toEqual({ phase: 'signedOut', why: 'here' });
    expect(world.paths()).toEqual(['auth/logout']);
  });

  it('takes an outage for nothing', async () => {
    await signedIn();
    world.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await session.check();
    expect(session.state.phase).toBe('signedIn');
  });
});
