import type { FleetSort, HostRow } from '../../api/types';
import type { Picking } from './HostName';
import { HostTableRow } from './HostTableRow';
import { SortHeader } from './SortHeader';

interface HostTableProps {
  rows: HostRow[];
  picking: Picking | null;
  sort: FleetSort;
  descending: boolean;
  onSort: (sort: FleetSort, descending: boolean) => void;
}

export function HostTable({ rows, picking, sort, descending, onSort }: HostTableProps) {
  const order = { sort, descending, onSort };
  return (
    <div className="rounded-xl border border-line bg-surface shadow-(--shadow)">
      <table className="w-full border-collapse text-left">
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
          {rows.map((row) => (
            <HostTableRow key={row.id} row={row} picking={picking} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
