import type { SignedOutReason } from '../../session/Session';

/** Why somebody sees the sign-in page who did not ask for it. */
export const reasons: Record<SignedOutReason, string | null> = {
  never: null,
  here: 'You have signed out.',
  everywhere: 'You have signed out everywhere. Every device has to sign in again.',
  otherTab: 'You have signed out in another tab.',
  ended: 'Your session has ended: it was ended on another device or by a new password, or it was not used for too long.',
  disabled: 'Your account has been disabled. An administrator can enable it again.',
};
