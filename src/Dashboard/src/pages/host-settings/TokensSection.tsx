import { useState } from 'react';
import { useAddToken, useHostTokens, useReplaceTokens, useRevokeToken } from '../../api/hosts';
import type { NewToken } from '../../api/types';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dialog } from '../../components/Dialog';
import { FormError } from '../../components/FormError';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { NewTokenPanel } from '../../components/NewTokenPanel';
import { Panel } from '../../components/Panel';
import type { HostHeader } from '../../live/Live';
import { TokenItem } from './TokenItem';

export function TokensSection({ host }: { host: HostHeader }) {
  const { data: tokens, error, refetch } = useHostTokens(host.id);
  const add = useAddToken(host.id);
  const replace = useReplaceTokens(host.id);
  const revoke = useRevokeToken(host.id);
  const [made, setMade] = useState<NewToken | null>(null);
  const [asked, setAsked] = useState<{ kind: 'replace' } | { kind: 'revoke'; id: number } | null>(null);
  const close = () => setAsked(null);
  const show = (token: NewToken) => {
    close();
    setMade(token);
  };

  return (
    <Panel
      title="Tokens"
      aside={
        <Button onClick={() => add.mutate(undefined, { onSuccess: show })} disabled={add.isPending}>
          <PlusIcon />
          {add.isPending ? 'Making one…' : 'Add a token'}
        </Button>
      }
    >
      <p className="mb-3 text-ink-soft">An agent reports with a token. Its text is shown once, when it is made; afterwards the server can only recognise it.</p>
      <FormError error={add.error} />
      {tokens ? (
        tokens.length === 0 ? (
          <p className="rounded-lg bg-raised p-4 text-ink-soft">This host has no token, so no agent can report for it.</p>
        ) : (
          <ul className="divide-y divide-line">
            {tokens.map((token) => (
              <TokenItem key={token.id} token={token} onRevoke={() => setAsked({ kind: 'revoke', id: token.id })} />
            ))}
          </ul>
        )
      ) : error ? (
        <LoadError what="The tokens" error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton rows={1} />
      )}
      <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line pt-4">
        <p className="min-w-0 flex-1 basis-64 text-[13px] text-ink-soft">If a token may have fallen into wrong hands, replace all of them: one new token, and the old ones are dead at once.</p>
        <Button onClick={() => setAsked({ kind: 'replace' })}>Replace all tokens…</Button>
      </div>

      {asked?.kind === 'replace' && (
        <ConfirmDialog
          title="Replace all tokens?"
          action="Replace all tokens"
          acting="Replacing…"
          isDanger
          isPending={replace.isPending}
          error={replace.error}
          onConfirm={() => replace.mutate(undefined, { onSuccess: show })}
          onClose={close}
        >
          <p>
            Every token of {host.name} is <strong className="font-semibold text-ink">dead at once</strong>. Its agent is refused until somebody gives it the new token; what it measures meanwhile it keeps and sends
            then.
          </p>
        </ConfirmDialog>
      )}
      {asked?.kind === 'revoke' && (
        <ConfirmDialog
          title={`Revoke token ${asked.id}?`}
          action="Revoke token"
          acting="Revoking…"
          isDanger
          isPending={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(asked.id, { onSuccess: close })}
          onClose={close}
        >
          <p>
            An agent that uses it is <strong className="font-semibold text-ink">refused at once</strong>. {tokens && tokens.length > 1 ? 'The other tokens of this host stay good.' : 'It is the only token of this host.'}
          </p>
        </ConfirmDialog>
      )}
      {made && (
        <Dialog title={`New token for ${host.name}`} onClose={() => setMade(null)}>
          <NewTokenPanel hostName={host.name} token={made.token} expiresAt={made.expiresAt} onRenew={() => add.mutate(undefined, { onSuccess: show })} isRenewing={add.isPending} />
          <div className="mt-5 flex justify-end border-t border-line pt-4">
            <Button onClick={() => setMade(null)}>Done</Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
