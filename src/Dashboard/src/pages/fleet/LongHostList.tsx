import { useEffect, useRef } from 'react';
import type { FleetSort, HostRow, WatchedFleet } from '../../api/types';
import type { Stretch } from '../../lib/visibleHosts';
import { HostCards } from './HostCards';
import type { Picking } from './HostName';
import { HostTable } from './HostTable';
import type { FleetLayout } from './layout';
import { useDrawn, type RowShape } from './useDrawn';

/** In rem, as the classes of a row and of a card in a long list say. */
const shapes: Record<FleetLayout, RowShape> = {
  rows: { pitch: 3.5, itemWidth: null, gap: 0 },
  cards: { pitch: 18, itemWidth: 19.5, gap: 1 },
};

/** Longer than it takes to turn the wheel on: what is passed by need not be asked for. */
const settleMs = 120;

interface LongHostListProps {
  page: WatchedFleet;
  layout: FleetLayout;
  picking: Picking | null;
  sort: FleetSort;
  descending: boolean;
  onSort: (sort: FleetSort, descending: boolean) => void;
  /** The host to begin with. */
  start: number;
  /** What is drawn now, and what of it is in sight. */
  onMove: (drawn: Stretch, seen: Stretch) => void;
}

/** All hosts that fit, in one list: only those in sight are drawn, and their places are there for the others. */
export function LongHostList({ page, layout, picking, sort, descending, onSort, start, onMove }: LongHostListProps) {
  const list = useRef<HTMLDivElement>(null);
  const drawn = useDrawn(list, shapes[layout], page.matched, start);
  const rows: (HostRow | null)[] = [];
  const offset = page.asked.offset ?? 0;
  for (let i = drawn?.first ?? 0; i < (drawn?.end ?? 0); i++) rows.push(page.rows[i - offset] ?? null);

  useEffect(() => {
    if (!drawn) return;
    const timer = setTimeout(() => onMove(drawn, drawn.seen), settleMs);
    return () => clearTimeout(timer);
  }, [drawn, onMove]);

  const before = drawn ? (drawn.first / drawn.columns) * drawn.pitch : 0;
  const after = drawn ? Math.ceil(Math.max(page.matched - drawn.end, 0) / drawn.columns) * drawn.pitch : 0;
  const place = { first: drawn?.first ?? 0, before, after, columns: drawn?.columns ?? 1, count: page.matched };
  return (
    <>
      <div ref={list}>
        {layout === 'rows' ? (
          <HostTable rows={rows} place={place} picking={picking} sort={sort} descending={descending} onSort={onSort} />
        ) : (
          <HostCards rows={rows} place={place} picking={picking} />
        )}
      </div>
      {drawn && !picking && (
        <p className="pointer-events-none sticky bottom-3 z-10 mx-auto mt-3 w-fit rounded-full border border-line bg-surface px-3 py-1 text-[13px] text-ink-soft shadow-lg">
          {(drawn.seen.first + 1).toLocaleString('en')}–{drawn.seen.end.toLocaleString('en')} of {page.matched.toLocaleString('en')} hosts
        </p>
      )}
    </>
  );
}
