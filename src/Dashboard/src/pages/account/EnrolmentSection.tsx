import { useState } from 'react';
import { useEnrolmentTokens, useRevokeEnrolmentToken } from '../../api/account';
import type { EnrolmentToken } from '../../api/types';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { HostLabels } from '../../components/HostLabels';
import { KeyIcon, PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { Panel } from '../../components/Panel';
import { formatMoment, formatUntil } from '../../lib/format';
import { useTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';
import { NewEnrolmentDialog } from './NewEnrolmentDialog';

const nameOf = (token: EnrolmentToken) => token.label || `Token ${token.id}`;

export function EnrolmentSection() {
  const { data: tokens, error, refetch } = useEnrolmentTokens();
  const revoke = useRevokeEnrolmentToken();
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<EnrolmentToken | null>(null);
  const ask = (token: EnrolmentToken) => {
    revoke.reset();
    setAsked(token);
  };
  return (
    <Panel
      title="Enrolment tokens"
      aside={
        <Button onClick={() => setAdding(true)}>
          <PlusIcon />
          New enrolment token
        </Button>
      }
    >
      <p className="mb-1 text-ink-soft">With one of these a new machine makes itself a host of yours, without anybody adding it here first: for many machines, or an installation script.</p>
      {tokens ? (
        tokens.length === 0 ? (
          <p className="mt-2 rounded-lg bg-raised p-4 text-ink-soft">There is none that can still be used.</p>
        ) : (
          <ul className="divide-y divide-line">
            {tokens.map((token) => (
              <EnrolmentItem key={token.id} token={token} onRevoke={() => ask(token)} />
            ))}
          </ul>
        )
      ) : error ? (
        <LoadError what="Your enrolment tokens" error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton rows={1} />
      )}
      {isAdding && <NewEnrolmentDialog onClose={() => setAdding(false)} />}
      {asked && (
        <ConfirmDialog
          title={`Revoke ${nameOf(asked)}?`}
          action="Revoke token"
          acting="Revoking…"
          isDanger
          isPending={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(asked.id, { onSuccess: () => setAsked(null) })}
          onClose={() => setAsked(null)}
        >
          <p>No further machine can enrol with it. Hosts that it made stay, and go on reporting.</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function EnrolmentItem({ token, onRevoke }: { token: EnrolmentToken; onRevoke: () => void }) {
  const { clock } = useLive();
  useTick();
  const name = nameOf(token);
  const left = Date.parse(token.expiresAt) - clock.now();
  return (
    <li className="flex items-center gap-3 py-3">
      <KeyIcon className="size-5 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{name}</p>
        <p className="mt-0.5 text-[13px] text-ink-soft">
          {token.usesLeft.toLocaleString('en')} of {token.uses.toLocaleString('en')} uses left ·{' '}
          <span title={formatMoment(token.expiresAt)}>{left > 0 ? `ends ${formatUntil(left)}` : 'has ended'}</span>
        </p>
        <HostLabels group={token.group} tags={token.tags} access="owner" className="mt-1" />
      </div>
      <Button onClick={onRevoke} aria-label={`Revoke ${name}`}>
        Revoke
      </Button>
    </li>
  );
}
