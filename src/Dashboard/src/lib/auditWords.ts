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
  'alert-rule.create': words('made the alert rule', 'make the alert rule'),
  'alert-rule.change': words('changed the alert rule', 'change the alert rule'),
  'alert-rule.delete': words('deleted the alert rule', 'delete the alert rule'),
  'alert-rule.restore': words('restored the default alert rules', 'restore the default alert rules'),
  'incident.acknowledge': words('acknowledged the alert', 'acknowledge the alert'),
  'incident.unacknowledge': words('took back the acknowledgement of the alert', 'take back the acknowledgement of the alert'),
  'incident.comment': words('commented on the alert', 'comment on the alert'),
  'silence.create': words('made the silence', 'make the silence'),
  'silence.change': words('changed the silence', 'change the silence'),
  'silence.delete': words('ended the silence', 'end the silence'),
  'channel.create': words('added the channel', 'add the channel'),
  'channel.change': words('changed the channel', 'change the channel'),
  'channel.delete': words('deleted the channel', 'delete the channel'),
  'channel.test': words('tried the channel', 'try the channel'),
  'channel.link-code': own('asked for a code that links a Telegram chat', 'ask for a code that links a Telegram chat'),
  'channel.link': words('linked a Telegram chat as the channel', 'link a Telegram chat as the channel'),
  'channel.unlink': words('linked elsewhere the Telegram chat of the channel', 'link elsewhere the Telegram chat of the channel'),
  'channel.classic-recipient': words('set the classic recipient', 'set the classic recipient'),
  'routing.change': words('changed where alerts go', 'change where alerts go'),
  'notification.retry': words('had a notification sent again', 'have a notification sent again'),
  'notification.dismiss': words('dismissed a notification', 'dismiss a notification'),
};

/** Actions under the heads they are chosen by. */
export const actionGroups: { prefix: string; name: string }[] = [
  { prefix: 'account.', name: 'Accounts' },
  { prefix: 'host.', name: 'Hosts' },
  { prefix: 'token.', name: 'Tokens of hosts' },
  { prefix: 'enrolment.', name: 'Enrolment tokens' },
  { prefix: 'alert-rule.', name: 'Alert rules' },
  { prefix: 'incident.', name: 'Alerts' },
  { prefix: 'silence.', name: 'Silences' },
  { prefix: 'channel.', name: 'Channels' },
  { prefix: 'routing.', name: 'Routing' },
  { prefix: 'notification.', name: 'Notifications' },
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
  const text = actionWords[action]?.toDo.replace(/ (of|for|with|on the alert|the user|the host|the enrolment token|the alert rule|the alert|the silence|the channel)$/, '') ?? inWords(action);
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
