import type { ReactNode } from 'react';
import type { FleetSort } from '../../api/types';
import { DownIcon, UpIcon } from '../../components/icons';
import { descendingAtFirst } from '../../lib/fleetQuery';

interface SortHeaderProps {
  by: FleetSort;
  sort: FleetSort;
  descending: boolean;
  onSort: (sort: FleetSort, descending: boolean) => void;
  align?: 'left' | 'right';
  className?: string;
  children: ReactNode;
}

export function SortHeader({ by, sort, descending, onSort, align = 'left', className = '', children }: SortHeaderProps) {
  const isSorted = by === sort;
  const Arrow = descending ? DownIcon : UpIcon;
  return (
    <th scope="col" aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'} className={`px-2 font-medium ${className}`}>
      <button
        type="button"
        onClick={() => onSort(by, isSorted ? !descending : descendingAtFirst(by))}
        className={`inline-flex h-10 w-full items-center gap-1 rounded hover:text-ink ${align === 'right' ? 'justify-end' : ''} ${isSorted ? 'text-ink' : ''}`}
      >
        {children}
        {isSorted && <Arrow className="size-3.5" />}
      </button>
    </th>
  );
}
