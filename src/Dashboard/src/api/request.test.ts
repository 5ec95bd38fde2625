import { describe, expect, it, vi } from 'vitest';
import { ApiError } from './ApiError';
import { readBody, readFile, request, type Fetch } from './request';

const answering = (response: Response) => vi.fn<Fetch>(() => Promise.resolve(response));

describe('request', () => {
  it('sends what it is given and nothing else', async () => {
    const fetch = answering(new Response('{"a":1}'));
    expect(await readBody(await request(fetch, 'PATCH', '/x', { body: { b: 2 }, token: 't', keepalive: true }))).toEqual({ a: 1 });
    expect(fetch).toHaveBeenCalledWith('/x', {
      method: 'PATCH', body: '{"b":2}', keepalive: true, headers: { accept: 'application/json', authorization: 'Bearer t', 'content-type': 'application/json' },
    });
    await request(fetch, 'GET', '/y');
    expect(fetch).toHaveBeenLastCalledWith('/y', { method: 'GET', headers: { accept: 'application/json' } });
  });

  it('has nothing to read where there is no content', async () => {
    expect(await readBody(await request(answering(new Response(null, { status: 204 })), 'DELETE', '/x'))).toBeUndefined();
  });

  it('says why it was refused, also if the answer is no problem of ours', async () => {
    const problem = new Response('{"type":"/problems/busy","detail":"Busy."}', { status: 503 });
    await expect(request(answering(problem), 'GET', '/x')).rejects.toMatchObject({ status: 503, message: 'Busy.', retryAt: null });
    await expect(request(answering(new Response('<html>', { status: 502 })), 'GET', '/x')).rejects.toThrow('The server answered with status 502.');
  });

  it('knows from when on to try again', async () => {
    vi.useFakeTimers({ now: 1000 });
    try {
      const limited = new Response('{}', { status: 429, headers: { 'retry-after': '30' } });
      const error = await request(answering(limited), 'POST', '/x').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ retryAt: 31_000 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells a server that is away from a page that no longer waits', async () => {
    const failing: Fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(request(failing, 'GET', '/x')).rejects.toThrow('The server cannot be reached.');
    await expect(request(failing, 'GET', '/x', { signal: AbortSignal.abort() })).rejects.toThrow('Failed to fetch');
  });
});

describe('readFile', () => {
  const fileOf = (disposition?: string) => readFile(new Response('a,b\n', { ...(disposition !== undefined && { headers: { 'content-disposition': disposition } }) }));

  it('takes the name that the server gave', async () => {
    const file = await fileOf('attachment; filename="web 1.csv"');
    expect(file.name).toBe('web 1.csv');
    expect(await file.content.text()).toBe('a,b\n');
    expect((await fileOf("attachment; filename=a.csv; filename*=UTF-8''%C3%BC.csv")).name).toBe('ü.csv');
    expect((await fileOf("attachment; filename=a.csv; filename*=UTF-8''%C3")).name).toBe('a.csv');
  });

  it('does without', async () => expect((await fileOf()).name).toBe('download'));
});
