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
  const fields = Object.entries(problem.errors ?? {}).flatMap(([field, messages]) => messages.map((message) => sentence(field, message)));
  if (fields.length > 0) return fields.join(' ');
  return problem.detail ?? problem.title ?? `The server answered with status ${status}.`;
}

/** "must have 1 to 100 characters" goes on from the field's name; a message that is a sentence already stands alone. */
function sentence(field: string, message: string): string {
  const text = /^[a-z]/.test(message) ? `${field.charAt(0).toUpperCase()}${field.slice(1)} ${message}` : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
