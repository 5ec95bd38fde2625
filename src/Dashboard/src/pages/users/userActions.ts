import { ApiError } from '../../api/ApiError';
import type { User } from '../../api/types';

export type UserAction = 'makeAdministrator' | 'makeUser' | 'disable' | 'enable' | 'resetPassword' | 'delete';

export interface AskedUserAction {
  action: UserAction;
  user: User;
}

export const actionNames: Record<UserAction, string> = {
  makeAdministrator: 'Make administrator',
  makeUser: 'Make ordinary user',
  disable: 'Disable',
  enable: 'Enable',
  resetPassword: 'Reset password',
  delete: 'Delete…',
};

/** What can be done with an account as it is. One's own password is changed on the account page: a reset would end the session that is to show it. */
export function actionsFor(user: User, isOwn: boolean): UserAction[] {
  const standing: UserAction[] = [user.role === 'administrator' ? 'makeUser' : 'makeAdministrator', user.isDisabled ? 'enable' : 'disable'];
  return isOwn ? [...standing, 'delete'] : [...standing, 'resetPassword', 'delete'];
}

/** Why a change to an account was refused, in words for an administrator. */
export function userErrorWords(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.is('last-administrator')) return 'This is the last administrator who can sign in. Make somebody else an administrator first.';
  if (error.status === 404) return 'There is no such account any more.';
  return error.message;
}
