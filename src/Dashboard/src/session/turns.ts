/** Where tabs leave word for each other; reads null if the browser forbids it. */
export interface TurnNote {
  read: () => string | null;
  write: (text: string | null) => void;
}

/** An answer takes no longer than this; an older note is of a page long gone. */
const answerMs = 3000;

/** How often somebody who waits looks again. */
const lookMs = 50;

/** Two tabs that write their note in one moment both see whose is the later after this time. */
const settleMs = 25;

/**
 * Lets tabs take turns with the cookie, by a lock of the browser and a note. The lock alone is not enough: a page that goes in the middle of its turn gives it
 * back at once, while its request, which outlives it, may still bring another cookie. And it is only there on HTTPS and on the machine itself;
 * elsewhere the note has to do, which two tabs can miss if they are within a moment of each other.
 */
export function takingTurns(
  locks: LockManager | undefined,
  note: TurnNote,
  now: () => number,
  wait: (ms: number) => Promise<void>,
  name: string,
): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();

  const isTaken = () => {
    const age = now() - Number(note.read()?.split(' ')[0] ?? NaN);
    return age >= 0 && age < answerMs;
  };

  async function turn<T>(work: () => Promise<T>): Promise<T> {
    let mine: string;
    do {
      while (isTaken()) await wait(lookMs);
      mine = `${now()} ${name}`;
      note.write(mine);
      if (!locks) await wait(settleMs);
    } while (![mine, null].includes(note.read()));

    try {
      return await work();
    } finally {
      if (note.read() === mine) note.write(null);
    }
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (locks) return locks.request('statusmonitor.session', () => turn(work));
    const result = last.then(() => turn(work));
    last = result.catch(() => undefined);
    return result;
  };
}
