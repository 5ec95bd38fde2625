import type { AuditEntry } from '../api/types';

/** What somebody did, and the same for who only tried. */
interface ActionWords {
  done: string;
  toDo: string;
  /** It is done to one's own account, which need not be named again. */
  isOwn?: boolean;
}

const words = (done: string, toDo: string): ActionWords => ({ done, toDo });
const own = (done: string, toDo: string): ActionWords => ({ done, toDo, isOwn: true });

/** Every action the server knows, by its name. */
export const actionWords: Record<string, ActionWords> = {
  'account.register': own('registered', 'register'),
  'account.login': own('signed in', 'sign in'),
  'account.logout': own('signed out', 'sign out'),
  'account.refresh-reused': own('showed a refresh token again, so the session was ended', 'show a refresh token again'),
  'account.password': own('changed their password', 'change their password'),
  'account.session-end': own('ended a session', 'end a session'),
  'account.sessions-end': own('signed out everywhere', 'sign out everywhere'),
  'account.create': words('added the user', 'add the user'),
  'account.role': words('changed the role of', 'change the role of'),
  'account.disable': words('disabled', 'disable'),
  'account.enable': words('enabled', 'enable'),
  'account.password-reset': words('reset the password of', 'reset the password of'),
  'account.delete': words('deleted the user', 'delete the user'),
  'host.create': words('added the host', 'add the host'),
  'host.change': words('changed the host', 'change the host'),
  'host.delete': words('deleted the host', 'delete the host'),
  'host.share': words('shared the host', 'share the host'),
  'host.unshare': words('stopped sharing the host', 'stop sharing the host'),
  'token.create': words('made a token for', 'make a token for'),
  'token.regenerate': words('replaced all tokens of', 'replace all tokens of'),
  'token.revoke': words('revoked a token of', 'revoke a token of'),
  'enrolment.create': words('made the enrolment token', 'make the enrolment token'),
  'enrolment.revoke': words('revoked the enrolment token', 'revoke the enrolment token'),
  'enrolment.use': words('enrolled the host', 'enrol the host'),
};

/** Actions under the heads they are chosen by. */
export const actionGroups: { prefix: string; name: string }[] = [
  { prefix: 'account.', name: 'Accounts' },
  { prefix: 'host.', name: 'Hosts' },
  { prefix: 'token.', name: 'Tokens of hosts' },
  { prefix: 'enrolment.', name: 'Enrolment tokens' },
];

const outcomeNames: Record<string, string> = {
  ok: 'Done',
  'wrong-credentials': 'Wrong name or password',
  disabled: 'Account disabled',
  limited: 'Too many attempts',
  'registration-off': 'Registration is off',
  'name-taken': 'Name taken',
  'last-administrator': 'Last administrator',
  'not-allowed': 'Not allowed',
  'too-many': 'Too many already',
};

/** What happened, to go on from the name of who did it: `signed in`, `tried to delete the user`. */
export function describeAction({ action, outcome }: Pick<AuditEntry, 'action' | 'outcome'>): string {
  const known = actionWords[action];
  if (!known) return outcome === 'ok' ? inWords(action) : `tried: ${inWords(action)}`;
  return outcome === 'ok' ? known.done : `tried to ${known.toDo}`;
}

/** How an action is called in a list to choose from. */
export function actionName(action: string): string {
  const text = actionWords[action]?.toDo.replace(/ (of|for|with|the user|the host|the enrolment token)$/, '') ?? inWords(action);
  return capital(text);
}

export function outcomeName(outcome: string): string {
  return outcomeNames[outcome] ?? capital(inWords(outcome));
}

/** What it was done to; null if that need not be said. */
export function targetName({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string | null {
  // A session has no name that tells anybody anything.
  if (!target || target.kind === 'session') return null;
  if (target.kind === 'account' && actionWords[action]?.isOwn) return null;
  return target.name || (target.id ? `${target.kind} ${target.id}` : null);
}

const inWords = (name: string) => name.replace(/[.-]/g, ' ');

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
