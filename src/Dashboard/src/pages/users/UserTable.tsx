import type { User } from '../../api/types';
import { formatDate } from '../../lib/format';
import { roleNames } from '../../lib/roleNames';
import { useAccount } from '../../session/SessionContext';
import { UserMenu } from './UserMenu';
import { UserStanding } from './UserStanding';
import type { AskedUserAction } from './userActions';

export function UserTable({ users, onAsk }: { users: User[]; onAsk: (asked: AskedUserAction) => void }) {
  const { id: own } = useAccount();
  return (
    <div className="rounded-xl border border-line bg-surface shadow-(--shadow)">
      <table className="w-full border-collapse text-left [&_td]:px-2 [&_td]:first:pl-5 [&_th]:h-10 [&_th]:px-2 [&_th]:font-medium [&_th]:first:pl-5">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col">User name</th>
            <th scope="col" className="w-36">Role</th>
            <th scope="col" className="w-32">State</th>
            <th scope="col" className="w-24 text-right">Hosts</th>
            <th scope="col" className="w-40 pl-8!">Account since</th>
            <th scope="col" className="w-16">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id} className="h-12 border-b border-line last:border-0 hover:bg-raised">
              <td className="max-w-0">
                <span className="block truncate font-semibold" title={user.username}>
                  {user.username}
                  {user.id === own && <span className="ml-2 font-normal text-ink-soft">you</span>}
                </span>
              </td>
              <td>{roleNames[user.role]}</td>
              <td>
                <UserStanding user={user} />
              </td>
              <td className="text-right">{user.hosts.toLocaleString('en')}</td>
              <td className="pl-8! text-ink-soft">{formatDate(user.createdAt)}</td>
              <td className="text-right">
                <UserMenu user={user} onAsk={onAsk} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
