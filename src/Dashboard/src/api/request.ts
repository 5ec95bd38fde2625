import { ApiError } from './ApiError';
import type { Problem } from './types';

/** The one door to the REST API. Every failure leaves it as an Error with a sentence a person understands. */
export async function request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    // fetch says only "Failed to fetch", whatever the reason.
    throw new Error('The server cannot be reached.');
  }

  if (!response.ok) throw new ApiError(response.status, await readProblem(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    // A proxy in between answers in HTML; the status is all there is to say then.
    return {};
  }
}
