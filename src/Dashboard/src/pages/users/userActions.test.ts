import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/ApiError';
import type { User } from '../../api/types';
import { actionsFor, userErrorWords } from './userActions';

const user: User = { id: 2, username: 'bob', role: 'user', isDisabled: false, createdAt: '2026-01-01T00:00:00Z', hosts: 0 };

describe('actionsFor', () => {
  it('offers what would change something', () => {
    expect(actionsFor(user, false)).toEqual(['makeAdministrator', 'disable', 'resetPassword', 'delete']);
    expect(actionsFor({ ...user, role: 'administrator', isDisabled: true }, false)).toEqual(['makeUser', 'enable', 'resetPassword', 'delete']);
  });

  it('leaves one’s own password to the account page', () => expect(actionsFor(user, true)).not.toContain('resetPassword'));
});

describe('userErrorWords', () => {
  it('says what to do about it', () => {
    expect(userErrorWords(new ApiError(409, { type: '/problems/last-administrator' }))).toMatch(/somebody else an administrator first/);
    expect(userErrorWords(new ApiError(404, {}))).toMatch(/no such account/);
    expect(userErrorWords(new ApiError(409, { detail: 'Other.' }))).toBe('Other.');
    expect(userErrorWords(new Error('The server cannot be reached.'))).toBe('The server cannot be reached.');
  });
});
