import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { FleetCounts } from '../../api/types';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Notice } from '../../components/Notice';
import { Pager } from '../../components/Pager';
import { defaultFleetState, formatFleetState, pageSize, parseFleetState, toFleetQuery, type FleetState } from '../../lib/fleetQuery';
import { plural } from '../../lib/format';
import { readChoice, storeChoice } from '../../lib/storedChoice';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { useTitle } from '../../lib/useTitle';
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
  const { data: page, error, refetch, isPlaceholderData } = useFleet(toFleetQuery(state));
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
    // Another search, filter or order begins on its first page.
    setParams(new URLSearchParams(formatFleetState({ ...state, page: 1, ...next })), { replace: next.search !== undefined });
  };
  const turnTo = (next: number) => {
    change({ page: next });
    scrollTo(0, 0);
  };
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

    if (page.counts.total === 0) return <NoHostsYet onAdd={() => setAdding(true)} />;
    return (
      <>
        <FleetCounters counts={page.counts} selected={state.status} onSelect={(status) => change({ status })} />
        <FleetToolbar state={state} groups={page.groups} tags={page.tags} onChange={change} layout={isWide ? layout : null} onLayout={chooseLayout} onCompare={page.counts.total > 1 && !picked ? () => setPicked([]) : null} onAdd={() => setAdding(true)} />
        <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`} aria-busy={isPlaceholderData}>
          {page.rows.length === 0 ? (
            <EmptyState title="No host fits" action={<Button onClick={() => change(defaultFleetState)}>Show all hosts</Button>}>
              {state.page > 1 && page.matched > 0 ? 'This page of the list is past its end.' : 'Try another search, or fewer filters.'}
            </EmptyState>
          ) : layout === 'rows' ? (
            <HostTable rows={page.rows} picking={picking} sort={state.sort} descending={state.descending} onSort={(sort, descending) => change({ sort, descending })} />
          ) : (
            <HostCards rows={page.rows} picking={picking} />
          )}
        </div>
        <Pager page={state.page} pageSize={pageSize} matched={page.matched} what="hosts" onPage={turnTo} />
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
