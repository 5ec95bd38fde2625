import type { Role, User } from '../../api/types';
import { useChangeUser } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useAccount } from '../../session/SessionContext';
import { userErrorWords, type UserAction } from './userActions';

type StandingAction = Exclude<UserAction, 'resetPassword' | 'delete'>;

interface Question {
  title: (name: string) => string;
  text: (name: string) => string;
  /** What it means for who asks it about themselves. */
  own?: string;
  action: string;
  acting: string;
  isDanger: boolean;
  change: { role?: Role; isDisabled?: boolean };
}

const questions: Record<StandingAction, Question> = {
  makeAdministrator: {
    title: (name) => `Make ${name} an administrator?`,
    text: (name) => `${name} will see every host, may change and delete it, and manages all accounts, yours included.`,
    action: 'Make administrator',
    acting: 'Changing…',
    isDanger: false,
    change: { role: 'administrator' },
  },
  makeUser: {
    title: (name) => `Make ${name} an ordinary user?`,
    text: (name) => `${name} will only see own hosts and those that are shared, and no longer manages accounts. This holds at once.`,
    own: 'This is your own account: you will no longer see this page.',
    action: 'Make ordinary user',
    acting: 'Changing…',
    isDanger: true,
    change: { role: 'user' },
  },
  disable: {
    title: (name) => `Disable ${name}?`,
    text: (name) => `${name} is signed out everywhere at once and cannot sign in until somebody enables the account again. The hosts stay and go on reporting.`,
    own: 'This is your own account: you will be signed out, and only another administrator can let you in again.',
    action: 'Disable',
    acting: 'Disabling…',
    isDanger: true,
    change: { isDisabled: true },
  },
  enable: {
    title: (name) => `Enable ${name}?`,
    text: (name) => `${name} can sign in again, with the password and the hosts of before.`,
    action: 'Enable',
    acting: 'Enabling…',
    isDanger: false,
    change: { isDisabled: false },
  },
};

export function StandingDialog({ action, user, onClose }: { action: StandingAction; user: User; onClose: () => void }) {
  const { id: own } = useAccount();
  const change = useChangeUser(user.id);
  const question = questions[action];
  return (
    <ConfirmDialog
      title={question.title(user.username)}
      action={question.action}
      acting={question.acting}
      isDanger={question.isDanger}
      isPending={change.isPending}
      error={change.error}
      words={userErrorWords}
      onConfirm={() => change.mutate(question.change, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{question.text(user.username)}</p>
      {user.id === own && question.own && <p className="font-medium text-ink">{question.own}</p>}
    </ConfirmDialog>
  );
}
