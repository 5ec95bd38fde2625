import type { HostRow } from '../../api/types';
import { HostCard } from './HostCard';
import type { Picking } from './HostName';

export function HostCards({ rows, picking }: { rows: HostRow[]; picking: Picking | null }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,18.5rem),1fr))] gap-3 sm:gap-4">
      {rows.map((row) => (
        <HostCard key={row.id} row={row} picking={picking} />
      ))}
    </ul>
  );
}
