import { useState } from 'react';
import type { NewHost } from '../../api/types';
import { Dialog } from '../../components/Dialog';
import { AddHostForm } from './AddHostForm';
import { StartAgent } from './StartAgent';

export function AddHostDialog({ onClose }: { onClose: () => void }) {
  const [host, setHost] = useState<NewHost | null>(null);
  return (
    <Dialog title={host ? `Start the agent on ${host.name}` : 'Add a host'} onClose={onClose}>
      {host ? <StartAgent host={host} onClose={onClose} /> : <AddHostForm onAdded={setHost} onCancel={onClose} />}
    </Dialog>
  );
}
