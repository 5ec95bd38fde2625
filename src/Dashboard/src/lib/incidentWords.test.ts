import { expect, it } from 'vitest';
import { describeEvent, valueBeside } from './incidentWords';

it('has words for what it knows and for the rest', () => {
  expect(describeEvent({ kind: 'acknowledged' })).toEqual({ words: 'acknowledged it', tone: 'person' });
  expect(describeEvent({ kind: 'somethingQuiteNew' })).toEqual({ words: 'something quite new', tone: 'quiet' });
});

it('says a value once', () => {
  expect(valueBeside({ text: 'cpu.percent is 95 %, at or above 90 %', value: 95 })).toBeNull();
  expect(valueBeside({ text: null, value: 95 })).toBe(95);
});
