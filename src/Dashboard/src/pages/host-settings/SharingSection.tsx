import { useState, type FormEvent } from 'react';
import { ApiError, fieldError, formError } from '../../api/ApiError';
import { useHostShares, useShareHost, useUnshareHost } from '../../api/hosts';
import type { ShareAccess } from '../../api/types';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { FormError } from '../../components/FormError';
import { selectLook } from '../../components/fieldLooks';
import { PersonIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { Panel } from '../../components/Panel';
import { SelectField } from '../../components/SelectField';
import { TextField } from '../../components/TextField';
import { accessNames } from '../../lib/roleNames';
import type { HostHeader } from '../../live/Live';

const accesses: ShareAccess[] = ['read', 'full'];
const choices = accesses.map((value) => ({ value, name: accessNames[value] }));
const hints: Record<ShareAccess, string> = {
  read: 'Sees the host and its values.',
  full: 'Also renames and tags it, and manages its tokens.',
};

export function SharingSection({ host }: { host: HostHeader }) {
  const { data: shares, error, refetch } = useHostShares(host.id);
  const [username, setUsername] = useState('');
  const [access, setAccess] = useState<ShareAccess>('read');
  const [asked, setAsked] = useState<string | null>(null);
  const share = useShareHost(host.id);
  const change = useShareHost(host.id);
  const unshare = useUnshareHost(host.id);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate({ username: username.trim(), access }, { onSuccess: () => setUsername('') });
  };
  const isUnknown = share.error instanceof ApiError && share.error.is('user-not-found');
  // The only thing that can be wrong with a name that somebody has.
  const isOwner = fieldError(share.error, 'username') !== null;
  return (
    <Panel title="Sharing">
      {shares ? (
        shares.length === 0 ? (
          <p className="text-ink-soft">Nobody else sees this host, but for administrators.</p>
        ) : (
          <ul className="divide-y divide-line">
            {shares.map((each) => (
              <li key={each.accountId} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
                <PersonIcon className="size-4 text-ink-faint" />
                <span className="min-w-0 flex-1 basis-[calc(100%-2rem)] truncate font-medium sm:basis-32" title={each.username}>
                  {each.username}
                </span>
                <select
                  aria-label={`Access of ${each.username}`}
                  value={each.access}
                  disabled={change.isPending}
                  onChange={(event) => change.mutate({ username: each.username, access: accesses.find((known) => known === event.target.value) ?? each.access })}
                  className={`max-sm:flex-1 ${selectLook}`}
                >
                  {choices.map((choice) => (
                    <option key={choice.value} value={choice.value}>
                      {choice.name}
                    </option>
                  ))}
                </select>
                <Button onClick={() => setAsked(each.username)} aria-label={`Stop sharing with ${each.username}`}>
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )
      ) : error ? (
        <LoadError what="Who sees this host" error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton rows={1} />
      )}
      <FormError error={change.error} />

      <form onSubmit={submit} className="mt-4 border-t border-line pt-4">
        <div className="grid items-start gap-4 sm:grid-cols-[1fr_14rem_auto]">
          <TextField
            label="User name"
            required
            maxLength={64}
            autoCapitalize="off"
            value={username}
            onChange={(value) => {
              share.reset();
              setUsername(value);
            }}
            error={isUnknown ? 'Nobody has this user name.' : isOwner ? 'This is the owner of the host.' : null}
          />
          <SelectField label="Access" choices={choices} value={access} onChange={setAccess} hint={hints[access]} error={fieldError(share.error, 'access')} />
          <Button type="submit" look="primary" className="h-11 sm:mt-6.5" disabled={share.isPending || username.trim() === ''}>
            {share.isPending ? 'Sharing…' : 'Share'}
          </Button>
        </div>
        <div className="mt-3 empty:hidden">
          <FormError error={isUnknown ? null : formError(share.error, 'username', 'access')} />
        </div>
      </form>

      {asked !== null && (
        <ConfirmDialog
          title={`Stop sharing with ${asked}?`}
          action="Stop sharing"
          acting="Removing…"
          isDanger
          isPending={unshare.isPending}
          error={unshare.error}
          onConfirm={() => unshare.mutate(asked, { onSuccess: () => setAsked(null) })}
          onClose={() => setAsked(null)}
        >
          <p>
            {host.name} disappears from what {asked} sees, at once and also where it is open just now.
          </p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
