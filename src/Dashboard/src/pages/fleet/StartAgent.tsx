import { useState } from 'react';
import { Link } from 'wouter';
import type { NewHost } from '../../api/types';
import { Button } from '../../components/Button';
import { CopyButton } from '../../components/CopyButton';
import { OnlineIcon } from '../../components/icons';
import { Segmented } from '../../components/Segmented';
import { useHost } from '../../live/useHost';
import { TokenCountdown } from './TokenCountdown';
import { agentCommand, isOnlyLocal, type AgentProgram } from './enrolment';

/** The command for the new machine, and the moment its first report arrives. */
export function StartAgent({ host, onClose }: { host: NewHost; onClose: () => void }) {
  const { data: header } = useHost(host.id);
  const hasReported = header !== undefined && header.status !== 'pending';
  const [program, setProgram] = useState<AgentProgram>('checkout');
  const command = agentCommand(program, location.origin, host.token);

  if (hasReported) {
    return (
      <div>
        <p role="status" className="flex items-center gap-3 rounded-xl bg-good-soft p-4 font-medium text-good">
          <OnlineIcon className="size-5" />
          {host.name} has reported. Its token is permanent now.
        </p>
        <div className="mt-6 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Close
          </Button>
          <Link href={`/hosts/${host.id}`} className="inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
            Show {host.name}
          </Link>
        </div>
      </div>
    );
  }

  return (
    <div className="space-y-5">
      <div>
        <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
          <p className="font-medium">Paste this on {host.name}</p>
          <Segmented
            label="How the agent is there"
            value={program}
            onChange={setProgram}
            choices={[
              { value: 'installed', label: 'Installed' },
              { value: 'checkout', label: 'From a checkout' },
            ]}
          />
        </div>
        <div className="rounded-lg bg-raised p-3">
          <pre className="font-mono text-[13px] wrap-anywhere whitespace-pre-wrap">{command}</pre>
          <div className="mt-2 flex justify-end">
            <CopyButton text={command} label="Copy command" />
          </div>
        </div>
        <p className="mt-2 text-[13px] text-ink-soft">
          {program === 'installed'
            ? 'For a machine that has the agent program. If it has only a checkout of the sources, choose that above.'
            : 'In the folder of the checkout. It builds the agent and starts it; nothing is installed.'}
        </p>
        {isOnlyLocal(location.hostname) && (
          <p className="mt-2 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
            {location.origin} reaches this server only from its own machine. For another machine, open this page under an address that is reachable from there.
          </p>
        )}
      </div>
      <div>
        <p className="mb-1.5 font-medium">Token, shown only now</p>
        <div className="flex flex-wrap items-center gap-2">
          <code className="min-w-0 grow rounded-lg bg-raised px-3 py-2.5 font-mono text-[13px] break-all">{host.token}</code>
          <CopyButton text={host.token} label="Copy token" />
        </div>
        <TokenCountdown expiresAt={Date.parse(host.tokenExpiresAt)} />
      </div>
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
