import { describe, expect, it } from 'vitest';
import { Novelty, shownAtOnce } from './browserNotices';

const of = (...ids: string[]) => ids.map((id) => ({ id }));

describe('Novelty', () => {
  it('says nothing of what was there already, and each once', () => {
    const novelty = new Novelty();
    expect(novelty.take(of('a', 'b'))).toEqual([]);
    expect(novelty.take(of('c', 'a', 'b'))).toEqual(['c']);
    expect(novelty.take(of('c', 'a', 'b'))).toEqual([]);
  });

  it('does not take one for new that was acknowledged and is open again', () => {
    const novelty = new Novelty();
    novelty.take(of('a', 'b'));
    novelty.take(of('b'));
    expect(novelty.take(of('a', 'b'))).toEqual([]);
  });
});

it('shows a few and counts the rest', () => {
  expect(shownAtOnce(['a', 'b'])).toEqual({ shown: ['a', 'b'], more: 0 });
  expect(shownAtOnce(['a', 'b', 'c', 'd', 'e'])).toEqual({ shown: ['a', 'b', 'c'], more: 2 });
});
