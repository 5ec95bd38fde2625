import { describe, expect, it } from 'vitest';
import { ApiError, describeProblem, fieldError, formError } from './ApiError';

describe('describeProblem', () => {
  it('prefers what a person can act on', () => {
    expect(describeProblem(400, { title: 'Invalid', detail: 'See errors.', errors: { name: ['The name is taken.'] } })).toBe('The name is taken.');
    expect(describeProblem(400, { errors: { name: ['must have 1 to 100 characters'] } })).toBe('Name must have 1 to 100 characters.');
    expect(describeProblem(404, { title: 'Not found', detail: 'There is no host 7.' })).toBe('There is no host 7.');
    expect(describeProblem(401, { title: 'Unauthorized' })).toBe('Unauthorized');
    expect(describeProblem(502, {})).toBe('The server answered with status 502.');
  });
});

describe('errors of a form', () => {
  const error = new ApiError(400, { detail: 'See errors.', errors: { name: ['must have 1 to 100 characters'], tags: ['must be at most 20', 'must differ'], password: ['is too common', 'Try another'] } });

  it('stand below their field as sentences', () => {
    expect(fieldError(error, 'name')).toBe('Must have 1 to 100 characters.');
    expect(fieldError(error, 'tags')).toBe('Must be at most 20. Must differ.');
    expect(fieldError(error, 'password')).toBe('It is too common. Try another.');
    expect(fieldError(error, 'group')).toBeNull();
    expect(fieldError(new Error('The server cannot be reached.'), 'name')).toBeNull();
    expect(fieldError(null, 'name')).toBeNull();
  });

  it('stand above the form if no field says them', () => {
    expect(formError(error, 'name', 'tags', 'password')).toBeNull();
    expect(formError(error, 'name', 'password')?.message).toBe('Tags must be at most 20. Tags must differ.');
    const other = new ApiError(409, { detail: 'Too many.' });
    expect(formError(other, 'name')).toBe(other);
    expect(formError(null)).toBeNull();
  });

  it('are told apart by their type', () => {
    expect(new ApiError(409, { type: '/problems/name-taken' }).is('name-taken')).toBe(true);
    expect(new ApiError(409, { type: '/problems/not-name-taken' }).is('name-taken')).toBe(false);
    expect(new ApiError(409, {}).is('name-taken')).toBe(false);
  });
});
