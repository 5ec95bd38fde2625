import { useState } from 'react';
import { useLocation } from 'wouter';
import { useDeleteHost } from '../../api/hosts';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Panel } from '../../components/Panel';
import { TextField } from '../../components/TextField';
import type { HostHeader } from '../../live/Live';

export function DeleteSection({ host, onLeaving }: { host: HostHeader; onLeaving: (isLeaving: boolean) => void }) {
  const [, navigate] = useLocation();
  const [isAsked, setAsked] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useDeleteHost(host.id);
  const close = () => {
    setAsked(false);
    setTyped('');
    remove.reset();
  };
  return (
    <Panel title="Delete this host" className="border-bad/40!">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="min-w-0 flex-1 basis-64 text-ink-soft">Its tokens are dead at once, and its history is deleted. This cannot be undone.</p>
        <Button onClick={() => setAsked(true)} className="border-bad/50! text-bad!">
          Delete host…
        </Button>
      </div>
      {isAsked && (
        <ConfirmDialog
          title={`Delete ${host.name}?`}
          action="Delete host"
          acting="Deleting…"
          isDanger
          isReady={typed.trim() === host.name.trim()}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => {
            onLeaving(true);
            remove.mutate(undefined, { onSuccess: () => navigate('/', { replace: true }), onError: () => onLeaving(false) });
          }}
          onClose={close}
        >
          <p>
            The host, its tokens, its shares and <strong className="font-semibold text-ink">all of its history</strong> are deleted. An agent that still runs on the machine is refused.
          </p>
          <p className="break-words">
            To go on, type its name: <span className="rounded bg-raised px-1.5 py-0.5 font-mono text-ink">{host.name}</span>
          </p>
          <TextField label="Type the host’s name" value={typed} onChange={setTyped} />
        </ConfirmDialog>
      )}
    </Panel>
  );
}
