import { expect, it } from 'vitest';
import { levelOf } from './level';

it('turns at 70 and 90 percent', () => {
  expect([null, 0, 69.4, 69.6, 89.4, 89.6, 100].map(levelOf)).toEqual(['normal', 'normal', 'normal', 'warn', 'warn', 'bad', 'bad']);
});
