import { describe, expect, it } from 'vitest';
import { takingTurns, type TurnNote } from './turns';

/** A note and time that several tabs share. Whoever waits is woken in the order of time, and nothing else passes it. */
class Room implements TurnNote {
  time = 1_000_000;
  held: { name: string; at: number } | null = null;
  private waiting: { at: number; go: () => void }[] = [];

  now = () => this.time;
  wait = (ms: number) => new Promise<void>((go) => this.waiting.push({ at: this.time + ms, go }));

  claim = async (name: string, now: number, freshMs: number) => {
    await Promise.resolve();
    if (this.held && Math.abs(now - this.held.at) < freshMs) return false;
    this.held = { name, at: now };
    return true;
  };
  release = async (name: string) => {
    await Promise.resolve();
    if (this.held?.name === name) this.held = null;
  };

  tab(locks: LockManager | undefined, name = 'a') {
    return takingTurns(locks, this, this.now, this.wait, name);
  }

  /** Runs until nobody waits any more; gives how much time passed. */
  async run(): Promise<number> {
    const begun = this.time;
    for (;;) {
      for (let i = 0; i < 30; i++) await Promise.resolve();
      const next = this.waiting.toSorted((a, b) => a.at - b.at)[0];
      if (!next) return this.time - begun;
      this.waiting = this.waiting.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.go();
    }
  }
}

/** What the browser's locks do for one name. */
function fakeLocks(): LockManager {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, work: () => Promise<unknown>) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return { request } as unknown as LockManager;
}

/** Work that takes time and reports when two are at it at once. */
function busy(room: Room, log: string[]) {
  let isBusy = false;
  return (name: string) => async () => {
    if (isBusy) log.push('both at once');
    isBusy = true;
    log.push(name);
    await room.wait(100);
    isBusy = false;
    return name;
  };
}

describe.each([
  ['with locks', fakeLocks()],
  ['without locks', undefined],
])('taking turns %s', (_, locks) => {
  it('lets one tab after another', async () => {
    const [room, log]: [Room, string[]] = [new Room(), []];
    const work = busy(room, log);
    const done = Promise.all(['a', 'b', 'c'].map((name) => room.tab(locks, name)(work(name))));
    await room.run();
    expect(await done).toEqual(['a', 'b', 'c']);
    expect(log.toSorted()).toEqual(['a', 'b', 'c']);
    expect(room.held).toBeNull();
  });

  it('lets one after another within a tab', async () => {
    const [room, log]: [Room, string[]] = [new Room(), []];
    const work = busy(room, log);
    const inTurn = room.tab(locks);
    const done = Promise.all([inTurn(work('1')), inTurn(work('2'))]);
    await room.run();
    await done;
    expect(log).toEqual(['1', '2']);
  });

  it('goes on after a turn that failed', async () => {
    const room = new Room();
    const inTurn = room.tab(locks);
    const failed = expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const done = inTurn(() => Promise.resolve('yes'));
    await room.run();
    await failed;
    expect(await done).toBe('yes');
    expect(room.held).toBeNull();
  });

  it('waits for the answer to a page that went in the middle of its turn', async () => {
    const room = new Room();
    room.held = { name: 'gone 7', at: room.time - 500 };
    const done = room.tab(locks)(() => Promise.resolve(room.time));
    await room.run();
    expect((await done) - 1_000_000).toBeGreaterThanOrEqual(2500);
  });

  it('does not mind a note from long ago', async () => {
    const room = new Room();
    room.held = { name: 'old', at: 1 };
    const done = room.tab(locks)(() => Promise.resolve('yes'));
    expect(await room.run()).toBe(0);
    expect(await done).toBe('yes');
  });

  it('leaves another’s note alone when its own turn took too long', async () => {
    const room = new Room();
    const done = room.tab(locks)(async () => {
      await room.wait(5000);
      room.held = { name: 'another', at: room.time };
    });
    await room.run();
    await done;
    expect(room.held?.name).toBe('another');
  });
});
