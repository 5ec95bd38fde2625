import type { Problem } from './types';

/** A refusal of the server, in words for the person at the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** From when on it may be tried again, in browser time, if the server said so. */
    readonly retryAt: number | null = null,
  ) {
    super(describeProblem(status, problem));
  }

  /** Whether it is a problem of this kind, such as `name-taken`. */
  is(kind: string): boolean {
    return this.problem.type?.endsWith(`/${kind}`) ?? false;
  }

  /** What is wrong with one field, as a sentence that stands below it. */
  at(field: string): string | null {
    const messages = this.problem.errors?.[field];
    return messages?.length ? messages.map(standing).join(' ') : null;
  }
}

/** The field's error, if that is what went wrong. */
export function fieldError(error: unknown, field: string): string | null {
  return error instanceof ApiError ? error.at(field) : null;
}

/** What went wrong beside the fields that say it themselves. */
export function formError(error: Error | null, ...fields: string[]): Error | null {
  if (!(error instanceof ApiError) || !error.problem.errors) return error;
  const others = Object.entries(error.problem.errors).filter(([field]) => !fields.includes(field));
  if (others.length === 0) return null;
  return new ApiError(error.status, { ...error.problem, errors: Object.fromEntries(others) }, error.retryAt);
}

/** The most telling sentence of a problem: which field is wrong, else the detail, else the title. */
export function describeProblem(status: number, problem: Problem): string {
  const fields = Object.entries(problem.errors ?? {}).flatMap(([field, messages]) => messages.map((message) => sentence(field, message)));
  if (fields.length > 0) return fields.join(' ');
  return problem.detail ?? problem.title ?? `The server answered with status ${status}.`;
}

/** "must have 1 to 100 characters" goes on from the field's name; a message that is a sentence already stands alone. */
function sentence(field: string, message: string): string {
  return ended(/^[a-z]/.test(message) ? `${capital(field)} ${message}` : message);
}

/** Below a field its name need not be said again: "must have 8 characters" stands by itself, "is too common" hardly. */
function standing(message: string): string {
  return ended(/^(?!must )[a-z]/.test(message) ? `It ${message}` : capital(message));
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
