import { useState } from 'react';
import type { OrphanedHosts, User } from '../../api/types';
import { useDeleteUser } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { plural } from '../../lib/format';
import { useAccount } from '../../session/SessionContext';
import { userErrorWords } from './userActions';

export function DeleteUserDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { id: own } = useAccount();
  const isOwn = user.id === own;
  const [hosts, setHosts] = useState<OrphanedHosts>(isOwn ? 'delete' : 'transfer');
  const remove = useDeleteUser(user.id);
  const count = plural(user.hosts, 'host', 'hosts');
  return (
    <ConfirmDialog
      title={`Delete ${user.username}?`}
      action={user.hosts > 0 && hosts === 'delete' ? `Delete user and ${count}` : 'Delete user'}
      acting="Deleting…"
      isDanger
      isPending={remove.isPending}
      error={remove.error}
      words={userErrorWords}
      onConfirm={() => remove.mutate(hosts, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{user.username} is signed out everywhere at once. The account cannot be brought back; what it did stays in the audit log.</p>
      {isOwn && <p className="font-medium text-ink">This is your own account: you will be signed out.</p>}
      {user.hosts > 0 && (
        <fieldset className="space-y-2">
          <legend className="mb-2 font-medium text-ink">What becomes of {user.username}’s hosts ({user.hosts.toLocaleString('en')})?</legend>
          {!isOwn && (
            <Choice name="transfer" chosen={hosts} onChoose={setHosts} title="They go to me">
              Their agents go on reporting. Shares stay as they are.
            </Choice>
          )}
          <Choice name="delete" chosen={hosts} onChoose={setHosts} title="They are deleted, with their history">
            Their agents are refused at once. This cannot be undone.
          </Choice>
        </fieldset>
      )}
    </ConfirmDialog>
  );
}

function Choice({ name, chosen, onChoose, title, children }: { name: OrphanedHosts; chosen: OrphanedHosts; onChoose: (name: OrphanedHosts) => void; title: string; children: string }) {
  return (
    <label className="flex gap-3 rounded-lg border border-line-strong/60 p-3 has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name="hosts" checked={chosen === name} onChange={() => onChoose(name)} className="mt-0.5 size-4 accent-(--accent)" />
      <span>
        <span className="block font-medium text-ink">{title}</span>
        <span className="text-[13px]">{children}</span>
      </span>
    </label>
  );
}
