import { useMutation } from '@tanstack/react-query';
import { ApiError } from './ApiError';
import { request } from './request';

export function useSignIn() {
  return useMutation({ mutationFn: (key: string) => request<void>('POST', '/api/v1/session', { key }) });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => request<void>('DELETE', '/api/v1/session') });
}

/** Whether the server refuses this browser until somebody signs in. An unreachable server refuses nobody. */
export async function isSignInNeeded(): Promise<boolean> {
  try {
    await request('GET', '/api/v1/hosts?limit=1');
    return false;
  } catch (error) {
    return error instanceof ApiError && error.status === 401;
  }
}
