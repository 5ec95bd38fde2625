import { useState } from 'react';
import { useLocation } from 'wouter';
import { useUnshareHost } from '../../api/hosts';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Panel } from '../../components/Panel';
import type { HostHeader } from '../../live/Live';
import { useAccount } from '../../session/SessionContext';

/** For who sees the host because somebody shares it: giving it up. */
export function LeaveSection({ host, onLeaving }: { host: HostHeader; onLeaving: (isLeaving: boolean) => void }) {
  const { username } = useAccount();
  const [, navigate] = useLocation();
  const [isAsked, setAsked] = useState(false);
  const unshare = useUnshareHost(host.id);
  const leave = () => {
    onLeaving(true);
    unshare.mutate(username, { onSuccess: () => navigate('/', { replace: true }), onError: () => onLeaving(false) });
  };
  return (
    <Panel title="Shared with you">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="min-w-0 flex-1 basis-64 text-ink-soft">
          {host.owner ? `${host.owner.username} shares this host with you.` : 'This host is shared with you.'} You can take it off your list; only its owner can share it again.
        </p>
        <Button onClick={() => setAsked(true)}>Remove from my hosts…</Button>
      </div>
      {isAsked && (
        <ConfirmDialog
          title={`Remove ${host.name} from your hosts?`}
          action="Remove"
          acting="Removing…"
          isDanger
          isPending={unshare.isPending}
          error={unshare.error}
          onConfirm={leave}
          onClose={() => setAsked(false)}
        >
          <p>The host and its history stay with {host.owner?.username ?? 'the server'}. You no longer see it until it is shared with you again.</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
