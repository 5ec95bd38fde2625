import { Link } from 'wouter';
import type { HostRow } from '../../api/types';

/** Choosing hosts to compare; not there as long as nobody does. */
export interface Picking {
  isPicked: (id: number) => boolean;
  /** No more can be added. */
  isFull: boolean;
  onPick: (row: HostRow) => void;
}

/** The name of a host, which covers its whole card or row: a link to its page, or what picks it. */
export function HostName({ row, picking, className }: { row: HostRow; picking: Picking | null; className: string }) {
  if (!picking) {
    return (
      <Link href={`/hosts/${row.id}`} title={row.name} className={`truncate font-semibold after:absolute after:inset-0 ${className}`}>
        {row.name}
      </Link>
    );
  }

  const isPicked = picking.isPicked(row.id);
  return (
    <label title={row.name} className={`flex items-center gap-2 font-semibold after:absolute after:inset-0 ${className}`}>
      <input type="checkbox" checked={isPicked} disabled={picking.isFull && !isPicked} onChange={() => picking.onPick(row)} className="relative z-1 size-4 shrink-0 accent-accent" />
      <span className="truncate">{row.name}</span>
    </label>
  );
}
