import { useMemo } from 'react';
import { useSeriesCatalogue } from '../../api/history';
import { EmptyState } from '../../components/EmptyState';
import { Notice } from '../../components/Notice';
import { Skeleton } from '../../components/Skeleton';
import type { TimeWindow } from '../../lib/timeRange';
import { HistorySection } from './HistorySection';
import { choosePanels } from './historyPanels';
import { SeriesExplorer } from './SeriesExplorer';

/** What a host was like over a stretch of time: a chart for whatever it has, and one for each series that is asked for. */
export function HistorySections({ id, window }: { id: number; window: TimeWindow }) {
  const { data: catalogue, error, refetch } = useSeriesCatalogue(id);
  const panels = useMemo(() => choosePanels(catalogue ?? []), [catalogue]);
  if (!catalogue) {
    if (error) return <Notice title="The history could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return (
      <div aria-busy="true" className="grid gap-4 lg:grid-cols-2">
        <p className="sr-only" role="status">Loading the history</p>
        {[0, 1, 2, 3].map((i) => (
          <Skeleton key={i} className="h-72 rounded-xl" />
        ))}
      </div>
    );
  }

  if (catalogue.length === 0) return <EmptyState title="No history yet">This host has not reported any values.</EmptyState>;
  return (
    <div className="flex flex-wrap gap-3 *:grow *:basis-full sm:gap-4 lg:*:basis-[30rem]">
      {panels.map((panel) => (
        <HistorySection key={panel.key} id={id} panel={panel} window={window} />
      ))}
      <SeriesExplorer id={id} catalogue={catalogue} window={window} />
    </div>
  );
}
