/** For who is signed in there is no such host, or no longer. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}
