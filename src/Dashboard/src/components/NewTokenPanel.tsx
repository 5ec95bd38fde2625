import { AgentCommand } from './AgentCommand';
import { SecretText } from './SecretText';
import { TokenCountdown } from './TokenCountdown';

interface NewTokenPanelProps {
  hostName: string;
  token: string;
  expiresAt: string;
  /** Makes another in its place once it is void. */
  onRenew: () => void;
  isRenewing: boolean;
}

/** A new token of a host's agent: the line that uses it, the token itself, and how long it waits. */
export function NewTokenPanel({ hostName, token, expiresAt, onRenew, isRenewing }: NewTokenPanelProps) {
  return (
    <div className="space-y-5">
      <AgentCommand title={`Paste this on ${hostName}`} purpose="start" token={token} />
      <div>
        <SecretText label="Token" text={token} copyLabel="Copy token" testId="token" />
        <TokenCountdown expiresAt={Date.parse(expiresAt)} onRenew={onRenew} isRenewing={isRenewing} />
      </div>
    </div>
  );
}
