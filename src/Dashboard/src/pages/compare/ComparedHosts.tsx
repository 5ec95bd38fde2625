import { useState } from 'react';
import { useHostName, useHostSearch } from '../../api/hosts';
import { CloseIcon, PlusIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { menuItemLook } from '../../components/menuLooks';
import { SearchBox } from '../../components/SearchBox';
import { maxHosts } from './compareState';

/** Hosts that a search offers at a time. */
const offered = 8;

interface ComparedHostsProps {
  hosts: number[];
  onChange: (hosts: number[]) => void;
}

/** Who is compared, and more to choose from. */
export function ComparedHosts({ hosts, onChange }: ComparedHostsProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <ul className="contents" aria-label="Compared hosts">
        {hosts.map((id) => (
          <ComparedHost key={id} id={id} onRemove={() => onChange(hosts.filter((other) => other !== id))} />
        ))}
      </ul>
      {hosts.length < maxHosts && (
        <Menu
          name="Add host to the comparison"
          buttonClassName="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3.5 hover:bg-raised"
          align="left"
          button={
            <>
              <PlusIcon />
              Add host
            </>
          }
        >
          {(close) => (
            <HostChoice
              except={hosts}
              onChoose={(id) => {
                close();
                onChange([...hosts, id]);
              }}
            />
          )}
        </Menu>
      )}
    </div>
  );
}

function ComparedHost({ id, onRemove }: { id: number; onRemove: () => void }) {
  const { data: name, error } = useHostName(id);
  const shown = name ?? (error ? `Host ${id} cannot be shown` : `Host ${id}`);
  return (
    <li className={`inline-flex h-10 max-w-full items-center rounded-lg border bg-surface pl-3 ${error ? 'border-bad text-bad' : 'border-line-strong/60'}`}>
      <span className="truncate" title={shown}>
        {shown}
      </span>
      <button type="button" aria-label={`Remove ${shown}`} onClick={onRemove} className="grid size-9 shrink-0 place-items-center text-ink-faint hover:text-ink">
        <CloseIcon className="size-3.5" />
      </button>
    </li>
  );
}

function HostChoice({ except, onChoose }: { except: number[]; onChoose: (id: number) => void }) {
  const [search, setSearch] = useState('');
  // Those that are compared already may be among the first of the list.
  const { data: rows, error } = useHostSearch(search.trim(), offered + except.length);
  const others = rows?.filter((row) => !except.includes(row.id)).slice(0, offered);
  return (
    <div className="w-64 max-w-[calc(100vw-3rem)]">
      <SearchBox label="Search hosts by name" placeholder="Search hosts" maxLength={100} value={search} onChange={setSearch} className="mb-1" />
      {others?.map((row) => (
        <button key={row.id} type="button" onClick={() => onChoose(row.id)} className={menuItemLook}>
          <span className="truncate">{row.name}</span>
        </button>
      ))}
      {(error || others?.length === 0) && <p className="px-2.5 py-2 text-[13px] text-ink-soft">{error ? error.message : 'No other host fits.'}</p>}
    </div>
  );
}
