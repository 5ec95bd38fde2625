import { useHostName } from '../api/hosts';
import { CloseIcon } from './icons';

/** A host that was chosen, by its name, and the way to take it away. */
export function HostChip({ id, onRemove }: { id: number; onRemove: () => void }) {
  const { data: name, error } = useHostName(id);
  const shown = name ?? (error ? `Host ${id} cannot be shown` : `Host ${id}`);
  return (
    <span className={`inline-flex h-10 max-w-full items-center rounded-lg border bg-surface pl-3 ${error ? 'border-bad text-bad' : 'border-line-strong/60'}`}>
      <span className="truncate" title={shown}>
        {shown}
      </span>
      <button type="button" aria-label={`Remove ${shown}`} onClick={onRemove} className="grid size-9 shrink-0 place-items-center text-ink-faint hover:text-ink">
        <CloseIcon className="size-3.5" />
      </button>
    </span>
  );
}

/** Only its name. */
export function HostNameText({ id }: { id: number }) {
  const { data: name } = useHostName(id);
  return <>{name ?? `Host ${id}`}</>;
}
