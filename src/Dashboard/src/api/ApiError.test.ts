import { describe, expect, it } from 'vitest';
import { describeProblem } from './ApiError';

describe('describeProblem', () => {
  it('prefers what a person can act on', () => {
    expect(describeProblem(400, { title: 'Invalid', detail: 'See errors.', errors: { name: ['The name is taken.'] } })).toBe('The name is taken.');
    expect(describeProblem(400, { errors: { name: ['must have 1 to 100 characters'] } })).toBe('Name must have 1 to 100 characters.');
    expect(describeProblem(404, { title: 'Not found', detail: 'There is no host 7.' })).toBe('There is no host 7.');
    expect(describeProblem(401, { title: 'Unauthorized' })).toBe('Unauthorized');
    expect(describeProblem(502, {})).toBe('The server answered with status 502.');
  });
});
