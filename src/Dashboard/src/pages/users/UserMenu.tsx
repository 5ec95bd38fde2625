import type { User } from '../../api/types';
import { DotsIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { menuItemLook } from '../../components/menuLooks';
import { useAccount } from '../../session/SessionContext';
import { actionNames, actionsFor, type AskedUserAction } from './userActions';

export function UserMenu({ user, onAsk }: { user: User; onAsk: (asked: AskedUserAction) => void }) {
  const { id: own } = useAccount();
  return (
    <Menu name={`Actions for ${user.username}`} button={<DotsIcon />} buttonClassName="grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-track hover:text-ink">
      {(close) =>
        actionsFor(user, user.id === own).map((action) => (
          <button
            key={action}
            type="button"
            className={`${menuItemLook} ${action === 'delete' ? 'text-bad' : ''}`}
            onClick={() => {
              close();
              onAsk({ action, user });
            }}
          >
            {actionNames[action]}
          </button>
        ))
      }
    </Menu>
  );
}
