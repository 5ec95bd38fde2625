import { Link } from 'wouter';
import { useReplaceTokens } from '../../api/hosts';
import type { NewHost } from '../../api/types';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { OnlineIcon } from '../../components/icons';
import { NewTokenPanel } from '../../components/NewTokenPanel';
import { useHost } from '../../live/useHost';

/** The command for the new machine, and the moment its first report arrives. */
export function StartAgent({ host, onClose }: { host: NewHost; onClose: () => void }) {
  const { data: header } = useHost(host.id);
  const replace = useReplaceTokens(host.id);
  const hasReported = header !== undefined && header.status !== 'pending';
  const token = replace.data ?? { token: host.token, expiresAt: host.tokenExpiresAt };

  if (hasReported) {
    return (
      <div>
        <p role="status" className="flex items-center gap-3 rounded-xl bg-good-soft p-4 font-medium text-good">
          <OnlineIcon className="size-5" />
          <span className="min-w-0 break-words">{host.name} has reported. Its token is permanent now.</span>
        </p>
        <div className="mt-6 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Close
          </Button>
          <Link href={`/hosts/${host.id}`} className="inline-flex h-10 min-w-0 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
            <span className="truncate">Show {host.name}</span>
          </Link>
        </div>
      </div>
    );
  }

  return (
    <div className="space-y-5">
      <NewTokenPanel hostName={host.name} token={token.token} expiresAt={token.expiresAt} onRenew={() => replace.mutate()} isRenewing={replace.isPending} />
      <FormError error={replace.error} />
      <p className="text-[13px] text-ink-soft">
        Many machines? An enrolment token from your account page makes each of them a host by itself, all with the same line.
      </p>
      <div className="flex items-center justify-between gap-3 border-t border-line pt-4">
        <p role="status" className="flex items-center gap-2.5 text-ink-soft">
          <span className="size-2.5 animate-pulse rounded-full bg-accent" aria-hidden="true" />
          Waiting for the first report…
        </p>
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}
