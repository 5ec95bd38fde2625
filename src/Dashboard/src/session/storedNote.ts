import type { TurnNote } from './turns';

interface Note {
  name: string;
  at: number;
}

const store = 'turn';
const key = 'note';

/**
 * The note in IndexedDB, whose transactions are the only thing that tabs do one after another where there are no locks; another tab's change to localStorage may be seen
 * a moment too late. Where the browser forbids it everybody is let through: the tabs are as well off as without a note.
 */
export function storedNote(): TurnNote {
  const database = open();
  // Nobody would see a failure of this one before somebody asks.
  database.catch(() => undefined);

  /** Reads the note, and replaces it by what `decide` gives; undefined leaves it. */
  async function change(decide: (note: Note | undefined) => Note | null | undefined): Promise<void> {
    const transaction = (await database).transaction(store, 'readwrite', { durability: 'relaxed' });
    const notes = transaction.objectStore(store);
    const read = notes.get(key) as IDBRequest<Note | undefined>;
    read.onsuccess = () => {
      const next = decide(read.result);
      if (next === null) notes.delete(key);
      else if (next) notes.put(next, key);
    };
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The note could not be written.'));
    });
  }

  return {
    claim: async (name, now, freshMs) => {
      let isMine = false;
      try {
        await change((note) => {
          // It may be a moment younger than `now`: the other was before us while we waited for the transaction.
          isMine = !note || Math.abs(now - note.at) >= freshMs;
          return isMine ? { name, at: now } : undefined;
        });
        return isMine;
      } catch {
        return true;
      }
    },
    release: async (name) => {
      try {
        await change((note) => (note?.name === name ? null : undefined));
      } catch {
        // It grows old by itself.
      }
    },
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('statusmonitor', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB is not available.'));
  });
}
