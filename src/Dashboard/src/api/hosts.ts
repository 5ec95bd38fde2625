import { useMutation } from '@tanstack/react-query';
import { request } from './request';
import type { NewHost } from './types';

export function useAddHost() {
  return useMutation({ mutationFn: (name: string) => request<NewHost>('POST', '/api/v1/hosts', { name }) });
}
