/** The server knows no such host. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}
