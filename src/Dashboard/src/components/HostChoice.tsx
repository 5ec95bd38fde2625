import { useState } from 'react';
import { useHostSearch } from '../api/hosts';
import { menuItemLook } from './menuLooks';
import { SearchBox } from './SearchBox';

/** Hosts that a search offers at a time. */
const offered = 8;

/** The inside of a menu: hosts by their names. */
export function HostChoice({ except, onChoose }: { except: readonly number[]; onChoose: (host: { id: number; name: string }) => void }) {
  const [search, setSearch] = useState('');
  // Those that are chosen already may be among the first of the list.
  const { data: rows, error } = useHostSearch(search.trim(), offered + except.length);
  const others = rows?.filter((row) => !except.includes(row.id)).slice(0, offered);
  return (
    <div className="w-64 max-w-[calc(100vw-3rem)]">
      <SearchBox label="Search hosts by name" placeholder="Search hosts" maxLength={100} value={search} onChange={setSearch} className="mb-1" />
      {others?.map((row) => (
        <button key={row.id} type="button" onClick={() => onChoose(row)} className={menuItemLook}>
          <span className="truncate">{row.name}</span>
        </button>
      ))}
      {(error || others?.length === 0) && <p className="px-2.5 py-2 text-[13px] text-ink-soft">{error ? error.message : 'No other host fits.'}</p>}
    </div>
  );
}
