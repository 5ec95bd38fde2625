import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { CatalogueSeries } from '../../api/types';
import { byLabel } from '../../charts/historyLines';
import { Button } from '../../components/Button';
import { Panel } from '../../components/Panel';
import { SearchBox } from '../../components/SearchBox';
import { plural } from '../../lib/format';
import { findSeries, maxPicked, parsePicked, togglePicked } from '../../lib/seriesSearch';
import type { TimeWindow } from '../../lib/timeRange';
import { PickedSeries } from './PickedSeries';

/** Names to choose from at a time; a search finds the others. */
const maxListed = 60;

/** Any series of the host as a chart; the address remembers which. */
export function SeriesExplorer({ id, catalogue, window }: { id: number; catalogue: CatalogueSeries[]; window: TimeWindow }) {
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState('');
  const picked = parsePicked(params);
  const found = useMemo(() => findSeries(catalogue, search).toSorted((a, b) => byLabel(a.name, b.name)), [catalogue, search]);
  const toggle = (name: string) => setParams(togglePicked(params, name), { replace: true });
  const isFull = picked.length >= maxPicked;
  return (
    <>
      <Panel title="All series" className="basis-full!" aside={<p className="text-[13px] text-ink-soft">{plural(catalogue.length, 'series', 'series')}</p>}>
        <SearchBox label="Search series" placeholder="Search series" maxLength={100} value={search} onChange={setSearch} className="mb-3 sm:max-w-sm" />
        {found.length === 0 ? (
          <p className="text-ink-faint">No series has these words in it.</p>
        ) : (
          <ul className="max-h-72 columns-1 gap-x-8 overflow-y-auto p-0.5 text-[13px] md:columns-2 xl:columns-3">
            {found.slice(0, maxListed).map(({ name, meaning }) => {
              const isPicked = picked.includes(name);
              return (
                <li key={name} className="break-inside-avoid">
                  <label className="flex min-h-9 items-center gap-2.5 border-b border-line py-1" title={meaning}>
                    <input type="checkbox" checked={isPicked} disabled={isFull && !isPicked} onChange={() => toggle(name)} className="size-4 shrink-0 accent-accent" />
                    <span className="min-w-0 font-mono text-xs break-all">{name}</span>
                  </label>
                </li>
              );
            })}
          </ul>
        )}
        <p className="mt-2 text-[13px] text-ink-faint">
          {found.length > maxListed ? `${maxListed} of ${found.length}; type to find the others. ` : ''}
          {isFull ? `${maxPicked} charts are as many as there can be.` : ''}
        </p>
      </Panel>
      {picked.map((name) => (
        <PickedSeries key={name} id={id} name={name} series={catalogue.find((series) => series.name === name) ?? null} window={window}>
          <Button look="quiet" className="h-8! px-2.5! text-[13px]" onClick={() => toggle(name)}>
            Remove
          </Button>
        </PickedSeries>
      ))}
    </>
  );
}
