import { useState } from 'react';
import type { NewHost } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { AddHostForm } from './AddHostForm';
import { StartAgent } from './StartAgent';

interface AddHostDialogProps {
  /** Groups and tags of other hosts, to choose from. */
  groups: string[];
  tags: string[];
  onClose: () => void;
}

export function AddHostDialog({ groups, tags, onClose }: AddHostDialogProps) {
  const [host, setHost] = useState<NewHost | null>(null);
  return (
    <Dialog title={host ? `Start the agent on ${host.name}` : 'Add a host'} onClose={onClose}>
      {host ? <StartAgent host={host} onClose={onClose} /> : <AddHostForm groups={groups} tags={tags} onAdded={setHost} onCancel={onClose} />}
    </Dialog>
  );
}
