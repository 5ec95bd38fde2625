import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { FleetCounts } from '../../api/types';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Notice } from '../../components/Notice';
import { defaultFleetState, formatFleetState, isSameList, parseFleetState, toFleetQuery, type FleetState } from '../../lib/fleetQuery';
import { plural } from '../../lib/format';
import { readChoice, storeChoice } from '../../lib/storedChoice';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { useTitle } from '../../lib/useTitle';
import { watchedFor, wholeList, type Stretch } from '../../lib/visibleHosts';
import { useFleet } from '../../live/useFleet';
import { maxHosts } from '../compare/compareState';
import { AddHostDialog } from './AddHostDialog';
import { FleetCounters } from './FleetCounters';
import { FleetSkeleton } from './FleetSkeleton';
import { FleetToolbar } from './FleetToolbar';
import { HostCards } from './HostCards';
import type { Picking } from './HostName';
import { HostTable } from './HostTable';
import { NoHostsYet } from './NoHostsYet';
import { PickedBar } from './PickedBar';
import type { FleetLayout } from './layout';
import { LongHostList } from './LongHostList';

/** More hosts than this are easier to compare in rows, as long as nobody chose otherwise. */
const manyHosts = 12;

function describeFleet(counts: FleetCounts | undefined): string {
  if (!counts) return '';
  const silent = counts.offline > 0 ? `, ${counts.offline} offline` : '';
  return `${plural(counts.total, 'host', 'hosts')}${silent}`;
}

export function FleetPage() {
  const [params, setParams] = useSearchParams();
  const state = parseFleetState(params);
  const [watched, setWatched] = useState<Stretch>(() => watchedFor({ first: 0, end: wholeList }, { first: state.at, end: state.at + wholeList / 2 }));
  const query = toFleetQuery(state, watched);
  const { data: page, error, refetch } = useFleet(query);
  const [isAdding, setAdding] = useState(false);
  const [chosenLayout, setChosenLayout] = useState(() => readChoice('layout'));
  const [picked, setPicked] = useState<number[] | null>(null);
  const isWide = useMediaQuery('(min-width: 1024px)');
  useTitle(describeFleet(page?.counts));

  // The same as long as nothing was picked, so that unchanged cards are not drawn again.
  const picking = useMemo<Picking | null>(
    () =>
      picked && {
        isPicked: (id) => picked.includes(id),
        isFull: picked.length >= maxHosts,
        onPick: ({ id }) => setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]),
      },
    [picked],
  );

  const change = (next: Partial<FleetState>) => {
    // Another search, filter or order begins with its first host.
    setParams(new URLSearchParams(formatFleetState({ ...state, at: 0, ...next })), { replace: next.search !== undefined });
    setWatched({ first: 0, end: wholeList });
    scrollTo(0, 0);
  };
  const move = useCallback(
    (drawn: Stretch, seen: Stretch) => {
      setWatched((known) => watchedFor(known, drawn));
      // So that going back from a host comes out where it was left.
      setParams((params) => new URLSearchParams(formatFleetState({ ...parseFleetState(params), at: seen.first })), { replace: true });
    },
    [setParams],
  );
  const chooseLayout = (layout: FleetLayout) => {
    storeChoice('layout', layout);
    setChosenLayout(layout);
  };

  const layout: FleetLayout = !isWide ? 'cards' : chosenLayout === 'rows' || chosenLayout === 'cards' ? chosenLayout : (page?.counts.total ?? 0) > manyHosts ? 'rows' : 'cards';
  const content = () => {
    if (!page) {
      if (error) return <Notice title="The hosts could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <FleetSkeleton />;
    }

    const isOther = !isSameList(page.asked, query);
    const sortBy = (sort: FleetState['sort'], descending: boolean) => change({ sort, descending });
    if (page.counts.total === 0) return <NoHostsYet onAdd={() => setAdding(true)} />;
    return (
      <>
        <FleetCounters counts={page.counts} selected={state.status} onSelect={(status) => change({ status })} />
        <FleetToolbar state={state} groups={page.groups} tags={page.tags} onChange={change} layout={isWide ? layout : null} onLayout={chooseLayout} onCompare={page.counts.total > 1 && !picked ? () => setPicked([]) : null} onAdd={() => setAdding(true)} />
        <div className={`transition-opacity ${isOther ? 'opacity-60' : ''}`} aria-busy={isOther}>
          {page.matched === 0 ? (
            <EmptyState title="No host fits" action={<Button onClick={() => change(defaultFleetState)}>Show all hosts</Button>}>
              Try another search, or fewer filters.
            </EmptyState>
          ) : page.matched > wholeList || watched.first > 0 ? (
            <LongHostList key={layout} page={page} layout={layout} picking={picking} sort={state.sort} descending={state.descending} onSort={sortBy} start={state.at} onMove={move} />
          ) : layout === 'rows' ? (
            <HostTable rows={page.rows} picking={picking} sort={state.sort} descending={state.descending} onSort={sortBy} />
          ) : (
            <HostCards rows={page.rows} picking={picking} />
          )}
        </div>
        {picked && <PickedBar picked={picked} onClose={() => setPicked(null)} />}
      </>
    );
  };

  return (
    <>
      <h1 className="sr-only">Hosts</h1>
      {content()}
      {/* Beside the content and not in it: the token in there must survive the moment the page changes around it. */}
      {isAdding && <AddHostDialog groups={page?.groups ?? []} tags={page?.tags ?? []} onClose={() => setAdding(false)} />}
    </>
  );
}
