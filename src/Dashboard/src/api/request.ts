import { ApiError } from './ApiError';
import type { Problem } from './types';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  body?: unknown;
  /** What is wanted, where that is not JSON. A problem is JSON all the same. */
  accept?: string;
  /** Access token. Pages do not bring one: `Session.request` does it for them. */
  token?: string;
  signal?: AbortSignal | undefined;
  /** Goes on when the page goes, so that its answer still sets the cookie. */
  keepalive?: boolean;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** The one door to the REST API. Every failure leaves it as an Error with a sentence a person understands. */
export async function request(fetch: Fetch, method: Method, path: string, { body, accept = 'application/json', token, signal, keepalive }: RequestOptions = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      ...(keepalive && { keepalive }),
    });
  } catch (error) {
    // Who no longer wants the answer wants no sentence either.
    if (signal?.aborted) throw error;
    // fetch says only "Failed to fetch", whatever the reason.
    throw new Error('The server cannot be reached.', { cause: error });
  }

  if (!response.ok) throw new ApiError(response.status, await readProblem(response), readRetryAt(response));
  return response;
}

/** The answer's body; nothing if it has none. */
export async function readBody<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A file, and the name that the server gave it. */
export interface DownloadedFile {
  name: string;
  content: Blob;
}

export async function readFile(response: Response): Promise<DownloadedFile> {
  return { name: fileName(response.headers.get('content-disposition')) ?? 'download', content: await response.blob() };
}

/** The name in a Content-Disposition header; the one that can hold every character comes first. */
function fileName(disposition: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // Wrongly encoded: there is the plain one.
    }
  }

  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? null;
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    // A proxy in between answers in HTML; the status is all there is to say then.
    return {};
  }
}

function readRetryAt(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Date.now() + seconds * 1000 : null;
}
