import { useMutation, useQuery } from '@tanstack/react-query';
import { readBody, request } from './request';
import type { Account, SignInOptions } from './types';

// What is asked before somebody is signed in.

const anybodysFetch = (path: string, init: RequestInit) => fetch(path, init);

export function useSignInOptions() {
  return useQuery({
    queryKey: ['signInOptions'],
    queryFn: async ({ signal }) => readBody<SignInOptions>(await request(anybodysFetch, 'GET', '/api/v1/auth/options', { signal })),
  });
}

export function useRegister() {
  return useMutation({
    mutationFn: async (body: { username: string; password: string }) =>
      readBody<Account>(await request(anybodysFetch, 'POST', '/api/v1/auth/register', { body })),
  });
}
