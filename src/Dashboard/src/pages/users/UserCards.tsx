import type { User } from '../../api/types';
import { formatDate, plural } from '../../lib/format';
import { roleNames } from '../../lib/roleNames';
import { useAccount } from '../../session/SessionContext';
import { UserMenu } from './UserMenu';
import { UserStanding } from './UserStanding';
import type { AskedUserAction } from './userActions';

export function UserCards({ users, onAsk }: { users: User[]; onAsk: (asked: AskedUserAction) => void }) {
  const { id: own } = useAccount();
  return (
    <ul className="space-y-3">
      {users.map((user) => (
        <li key={user.id} className="flex items-start gap-2 rounded-xl border border-line bg-surface py-3 pr-2 pl-4 shadow-(--shadow)">
          <div className="min-w-0 flex-1">
            <p className="truncate font-semibold" title={user.username}>
              {user.username}
              {user.id === own && <span className="ml-2 font-normal text-ink-soft">you</span>}
            </p>
            <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-[13px]">
              <UserStanding user={user} />
              <span>{roleNames[user.role]}</span>
              <span className="text-ink-soft">{plural(user.hosts, 'host', 'hosts')}</span>
              <span className="text-ink-soft">since {formatDate(user.createdAt)}</span>
            </p>
          </div>
          <UserMenu user={user} onAsk={onAsk} />
        </li>
      ))}
    </ul>
  );
}
