import { expect, it } from 'vitest';
import { describeEvent } from './incidentWords';

it('has words for what it knows and for the rest', () => {
  expect(describeEvent({ kind: 'acknowledged' })).toEqual({ words: 'acknowledged it', tone: 'person' });
  expect(describeEvent({ kind: 'somethingQuiteNew' })).toEqual({ words: 'something quite new', tone: 'quiet' });
});
