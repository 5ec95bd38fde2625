/** A note that all tabs see. Claiming it is one step, whoever else does so in the same moment. */
export interface TurnNote {
  /** Takes the note unless another has it who took it less than `freshMs` ago. */
  claim: (name: string, now: number, freshMs: number) => Promise<boolean>;
  release: (name: string) => Promise<void>;
}

/** An answer takes no longer than this; an older note is of a page long gone. */
const answerMs = 3000;

/** How often somebody who waits looks again. */
const lookMs = 50;

/**
 * Lets tabs take turns with the cookie, by a lock of the browser and a note. The lock alone is not enough: a page that goes in the middle of its turn gives it
 * back at once, while its request, which outlives it, may still bring another cookie. And it is only there on HTTPS and on the machine itself; elsewhere the note has to do.
 */
export function takingTurns(
  locks: LockManager | undefined,
  note: TurnNote,
  now: () => number,
  wait: (ms: number) => Promise<void>,
  tab: string,
): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;

  async function turn<T>(work: () => Promise<T>): Promise<T> {
    const name = `${tab} ${count++}`;
    while (!(await note.claim(name, now(), answerMs))) await wait(lookMs);
    try {
      return await work();
    } finally {
      await note.release(name);
    }
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (locks) return locks.request('statusmonitor.session', () => turn(work));
    const result = last.then(() => turn(work));
    last = result.catch(() => undefined);
    return result;
  };
}
