import { useState } from 'react';
import type { NewEnrolmentToken } from '../../api/types';
import { AgentCommand } from '../../components/AgentCommand';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { SecretText } from '../../components/SecretText';
import { formatMoment, plural } from '../../lib/format';
import { NewEnrolmentForm } from './NewEnrolmentForm';

export function NewEnrolmentDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewEnrolmentToken | null>(null);
  if (!made) {
    return (
      <Dialog title="New enrolment token" onClose={onClose}>
        <NewEnrolmentForm onMade={setMade} onCancel={onClose} />
      </Dialog>
    );
  }

  return (
    <Dialog key="made" title="Enrol a machine" onClose={onClose}>
      <div className="space-y-5">
        <AgentCommand title="Paste this on the new machine" purpose="enrol" token={made.token} />
        <SecretText label="Enrolment token" text={made.token} copyLabel="Copy token" testId="enrolment-token" />
        <p className="text-[13px] text-ink-soft">
          Good for {plural(made.uses, 'machine', 'machines')} until {formatMoment(made.expiresAt)}. Each becomes a host under its own name, and keeps a token of its own in the agent’s configuration file.
        </p>
        <div className="flex justify-end border-t border-line pt-4">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  );
}
