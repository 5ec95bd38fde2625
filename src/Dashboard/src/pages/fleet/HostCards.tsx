import type { HostRow } from '../../api/types';
import { Skeleton } from '../../components/Skeleton';
import { HostCard } from './HostCard';
import type { Picking } from './HostName';
import type { ListPlace } from './layout';

/** Cards beside and under each other. Of a long list they are a part, and null is one that is not here yet; all have one height then. */
export function HostCards({ rows, place, picking }: { rows: readonly (HostRow | null)[]; place?: ListPlace; picking: Picking | null }) {
  if (!place) {
    return (
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,18.5rem),1fr))] gap-3 sm:gap-4">
        {rows.map((row) => row && <HostCard key={row.id} row={row} picking={picking} />)}
      </ul>
    );
  }

  return (
    <ul className="grid gap-x-4" style={{ gridTemplateColumns: `repeat(${place.columns}, minmax(0, 1fr))`, paddingTop: place.before, paddingBottom: place.after }}>
      {rows.map((row, i) => (
        <li key={row?.id ?? `place-${place.first + i}`} className="h-72 pb-4" aria-setsize={place.count} aria-posinset={place.first + i + 1}>
          {row ? <HostCard row={row} picking={picking} as="div" /> : <Skeleton className="h-full rounded-xl" />}
        </li>
      ))}
    </ul>
  );
}
