import { readChoice, storeChoice } from './storedChoice';

// The session itself is a cookie that no script can see; this only remembers that there is one to end.

export function hasSignedIn(): boolean {
  return readChoice('signedIn') !== null;
}

export function rememberSignedIn(): void {
  storeChoice('signedIn', 'yes');
}

export function forgetSignedIn(): void {
  storeChoice('signedIn', null);
}
