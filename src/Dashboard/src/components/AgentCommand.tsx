import { useState } from 'react';
import { agentCommand, enrolCommand, isOnlyLocal, type AgentPlace } from '../lib/agentCommand';
import { readChoice, storeChoice } from '../lib/storedChoice';
import { CopyButton } from './CopyButton';
import { Segmented } from './Segmented';

const places: { value: AgentPlace; label: string }[] = [
  { value: 'linux', label: 'Linux' },
  { value: 'macos', label: 'macOS' },
  { value: 'windows', label: 'Windows' },
  { value: 'checkout', label: 'From a checkout' },
];

/** What the line does: starts the agent of a host, or makes the machine a host. */
type Purpose = 'start' | 'enrol';

const commands = { start: agentCommand, enrol: enrolCommand };

const hints: Record<Purpose, Record<AgentPlace, string>> = {
  start: {
    linux: 'For a machine that has the agent program. If it has only a checkout of the sources, choose that above.',
    macos: 'In a terminal, on a machine that has the agent program.',
    windows: 'In PowerShell, in the folder where statusmonitor-agent.exe is.',
    checkout: 'In the folder of the checkout, on Linux. It builds the agent and starts it; nothing is installed.',
  },
  enrol: {
    linux: 'On a machine that has the agent program. Afterwards the agent starts without any options.',
    macos: 'In a terminal, on a machine that has the agent program. Afterwards the agent starts without any options.',
    windows: 'In PowerShell, in the folder where statusmonitor-agent.exe is. Afterwards it starts without any options.',
    checkout: 'In the folder of the checkout, on Linux. It builds the agent, which afterwards starts without any options.',
  },
};

interface AgentCommandProps {
  title: string;
  purpose: Purpose;
  token: string;
}

/** The exact line to paste on the machine that is to be watched. */
export function AgentCommand({ title, purpose, token }: AgentCommandProps) {
  const [chosen, setChosen] = useState(() => readChoice('agentPlace'));
  const place = places.find(({ value }) => value === chosen)?.value ?? 'checkout';
  const command = commands[purpose](place, location.origin, token);
  const choose = (next: AgentPlace) => {
    storeChoice('agentPlace', next);
    setChosen(next);
  };
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 font-medium break-words">{title}</p>
        <Segmented label="Where the agent runs" value={place} onChange={choose} choices={places} />
      </div>
      <div className="rounded-lg bg-raised p-3">
        <pre className="font-mono text-[13px] wrap-anywhere whitespace-pre-wrap">{command}</pre>
        <div className="mt-2 flex justify-end">
          <CopyButton text={command} label="Copy command" />
        </div>
      </div>
      <p className="mt-2 text-[13px] text-ink-soft">{hints[purpose][place]}</p>
      {isOnlyLocal(location.hostname) && (
        <p className="mt-2 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
          {location.origin} reaches this server only from its own machine. For another machine, open this page under an address that is reachable from there.
        </p>
      )}
    </div>
  );
}
