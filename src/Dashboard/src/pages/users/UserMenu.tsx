import type { User } from '../../api/types';
import { ActionMenu } from '../../components/ActionMenu';
import { useAccount } from '../../session/SessionContext';
import { actionNames, actionsFor, type AskedUserAction } from './userActions';

export function UserMenu({ user, onAsk }: { user: User; onAsk: (asked: AskedUserAction) => void }) {
  const { id: own } = useAccount();
  const actions = actionsFor(user, user.id === own).map((action) => ({ name: actionNames[action], to: () => onAsk({ action, user }), isGrave: action === 'delete' }));
  return <ActionMenu of={user.username} actions={actions} />;
}
