import type { FleetSort, HostRow } from '../../api/types';
import { Skeleton } from '../../components/Skeleton';
import type { Picking } from './HostName';
import { HostTableRow } from './HostTableRow';
import type { ListPlace } from './layout';
import { SortHeader } from './SortHeader';

interface HostTableProps {
  /** Of a long list a part, and null is one that is not here yet; all have one height then. */
  rows: readonly (HostRow | null)[];
  place?: ListPlace;
  picking: Picking | null;
  sort: FleetSort;
  descending: boolean;
  onSort: (sort: FleetSort, descending: boolean) => void;
}

const columnCount = 8;

export function HostTable({ rows, place, picking, sort, descending, onSort }: HostTableProps) {
  const order = { sort, descending, onSort };
  return (
    <div className="rounded-xl border border-line bg-surface shadow-(--shadow)">
      <table className="w-full border-collapse text-left" {...(place && { 'aria-rowcount': place.count + 1 })}>
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <SortHeader by="status" {...order} className="w-[7.5rem] pl-4">Status</SortHeader>
            <SortHeader by="name" {...order}>Name</SortHeader>
            <SortHeader by="cpu" {...order} className="w-[12rem] xl:w-[17rem]">CPU, 15 minutes</SortHeader>
            <SortHeader by="memory" {...order} className="w-[7.5rem] xl:w-[9.5rem]">Memory</SortHeader>
            <SortHeader by="disk" {...order} className="w-[7.5rem] xl:w-[9.5rem]">Disk</SortHeader>
            <SortHeader by="network" {...order} className="w-[13rem]">Network</SortHeader>
            <th scope="col" className="w-[4.5rem] px-2 max-xl:hidden text-right font-medium">Load</th>
            <SortHeader by="lastSeen" {...order} align="right" className="w-[7.5rem] pr-4">Last seen</SortHeader>
          </tr>
        </thead>
        <tbody>
          {place && place.before > 0 && <Room height={place.before} />}
          {rows.map((row, i) =>
            row ? (
              <HostTableRow key={row.id} row={row} picking={picking} {...(place && { rowIndex: place.first + i + 2 })} />
            ) : (
              <tr key={`place-${(place?.first ?? 0) + i}`} className="h-14 border-b border-line">
                <td colSpan={columnCount} className="px-4">
                  <Skeleton className="h-6" />
                </td>
              </tr>
            ),
          )}
          {place && place.after > 0 && <Room height={place.after} />}
        </tbody>
      </table>
    </div>
  );
}

/** Where rows would be that nobody sees. */
function Room({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" style={{ height }}>
      <td colSpan={columnCount} />
    </tr>
  );
}
