import { describe, expect, it } from 'vitest';
import { takingTurns } from './turns';

/** Storage and time that several tabs share. Whoever waits is woken in the order of time, and nothing else passes it. */
class Room {
  time = 1_000_000;
  text: string | null = null;
  private waiting: { at: number; go: () => void }[] = [];
  readonly note = { read: () => this.text, write: (text: string | null) => void (this.text = text) };
  now = () => this.time;
  wait = (ms: number) => new Promise<void>((go) => this.waiting.push({ at: this.time + ms, go }));

  /** Runs until nobody waits any more; gives how much time passed. */
  async run(): Promise<number> {
    const begun = this.time;
    for (;;) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
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
    const tabs = ['a', 'b', 'c'].map((name) => ({ name, inTurn: takingTurns(locks, room.note, room.now, room.wait, name) }));
    const done = Promise.all(tabs.map(({ name, inTurn }) => inTurn(work(name))));
    await room.run();
    expect(await done).toEqual(['a', 'b', 'c']);
    expect(log.toSorted()).toEqual(['a', 'b', 'c']);
    expect(room.text).toBeNull();
  });

  it('lets one after another within a tab', async () => {
    const [room, log]: [Room, string[]] = [new Room(), []];
    const work = busy(room, log);
    const inTurn = takingTurns(locks, room.note, room.now, room.wait, 'a');
    const done = Promise.all([inTurn(work('1')), inTurn(work('2'))]);
    await room.run();
    await done;
    expect(log).toEqual(['1', '2']);
  });

  it('goes on after a turn that failed', async () => {
    const room = new Room();
    const inTurn = takingTurns(locks, room.note, room.now, room.wait, 'a');
    const failed = expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const done = inTurn(() => Promise.resolve('yes'));
    await room.run();
    await failed;
    expect(await done).toBe('yes');
    expect(room.text).toBeNull();
  });

  it('waits for the answer to a page that went in the middle of its turn', async () => {
    const room = new Room();
    room.text = `${room.time - 500} gone`;
    const done = takingTurns(locks, room.note, room.now, room.wait, 'a')(() => Promise.resolve(room.time));
    await room.run();
    expect((await done) - 1_000_000).toBeGreaterThanOrEqual(2500);
  });

  it('does not mind a note from long ago, from the future, or of nonsense', async () => {
    for (const text of ['1 old', '9999999999 later', 'nonsense']) {
      const room = new Room();
      room.text = text;
      const done = takingTurns(locks, room.note, room.now, room.wait, 'a')(() => Promise.resolve('yes'));
      expect(await room.run()).toBeLessThan(100);
      expect(await done).toBe('yes');
    }
  });

  it('works where nothing can be written down', async () => {
    const room = new Room();
    const inTurn = takingTurns(locks, { read: () => null, write: () => undefined }, room.now, room.wait, 'a');
    const done = inTurn(() => Promise.resolve('yes'));
    await room.run();
    expect(await done).toBe('yes');
  });
});
