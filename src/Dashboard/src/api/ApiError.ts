import type { Problem } from './types';

/** A refusal of the server, in words for the person at the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly status: number, readonly problem: Problem) {
    super(describeProblem(status, problem));
  }
}

/** The most telling sentence of a problem: which field is wrong, else the detail, else the title. */
export function describeProblem(status: number, problem: Problem): string {
  const fields = Object.values(problem.errors ?? {}).flat();
  if (fields.length > 0) return fields.join(' ');
  return problem.detail ?? problem.title ?? `The server answered with status ${status}.`;
}
