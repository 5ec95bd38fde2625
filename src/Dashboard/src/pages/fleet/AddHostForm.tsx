import { useState, type FormEvent } from 'react';
import { useAddHost } from '../../api/hosts';
import type { NewHost } from '../../api/types';
import { Button } from '../../components/Button';

export function AddHostForm({ onAdded, onCancel }: { onAdded: (host: NewHost) => void; onCancel: () => void }) {
  const [name, setName] = useState('');
  const addHost = useAddHost();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    addHost.mutate(name.trim(), { onSuccess: onAdded });
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor="host-name" className="font-medium">
        Name
      </label>
      <input
        id="host-name"
        required
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        placeholder="web-1"
        value={name}
        onChange={(event) => setName(event.target.value)}
        aria-invalid={addHost.isError}
        aria-describedby="host-name-help"
        className="mt-1.5 h-11 w-full rounded-lg border border-line-strong bg-surface px-3"
      />
      <p id="host-name-help" className="mt-1.5 text-[13px] text-ink-soft">
        How the machine is called on these pages. Its own host name is a good choice.
      </p>
      {addHost.isError && (
        <p role="alert" className="mt-2 text-bad">
          {addHost.error.message}
        </p>
      )}
      <div className="mt-6 flex justify-end gap-2">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={addHost.isPending || name.trim() === ''}>
          {addHost.isPending ? 'Adding…' : 'Add host'}
        </Button>
      </div>
    </form>
  );
}
