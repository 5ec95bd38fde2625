import { describe, expect, it } from 'vitest';
import { queryString } from './queryString';

describe('queryString', () => {
  it('leaves out what is not set and escapes the rest', () => {
    expect(queryString({})).toBe('');
    expect(queryString({ a: '', b: null, c: undefined })).toBe('');
    expect(queryString({ search: 'a&b =', offset: 0, on: false })).toBe('?search=a%26b+%3D&offset=0&on=false');
  });
});
