// The server's limits. Whether a password is too common it alone knows.

export const minPasswordLength = 8;
export const maxPasswordBytes = 1024;
export const minUserNameLength = 3;
export const maxUserNameLength = 64;

export const userNameRules = `${minUserNameLength} to ${maxUserNameLength} characters. Capital letters make no difference.`;
export const passwordRules = `At least ${minPasswordLength} characters; a long phrase is better than odd signs. Very common passwords and your user name are refused.`;

/** What is wrong with a new password, as far as this side can tell; null if nothing. */
export function passwordFault(password: string, username: string): string | null {
  // As the server counts: a character beyond the basic plane is two.
  if (password.length < minPasswordLength) return `Must have at least ${minPasswordLength} characters.`;
  if (new TextEncoder().encode(password).length > maxPasswordBytes) return `Must have at most ${maxPasswordBytes.toLocaleString('en')} bytes.`;
  if (password.normalize('NFKC').toUpperCase() === username.trim().normalize('NFKC').toUpperCase()) return 'Must not be the user name.';
  return null;
}

export function userNameFault(username: string): string | null {
  const { length } = username.trim();
  return length < minUserNameLength || length > maxUserNameLength ? `Must have ${minUserNameLength} to ${maxUserNameLength} characters.` : null;
}
