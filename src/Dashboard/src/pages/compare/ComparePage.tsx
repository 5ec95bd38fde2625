import { useCallback } from 'react';
import { Link, useSearchParams } from 'wouter';
import { historyPath } from '../../api/history';
import { ZoomContext } from '../../charts/ZoomContext';
import { CsvButton } from '../../components/CsvButton';
import { EmptyState } from '../../components/EmptyState';
import { BackIcon } from '../../components/icons';
import { RangeBar } from '../../components/RangeBar';
import { zoomInto } from '../../lib/timeRange';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTimeRange } from '../../lib/useTimeRange';
import { useTitle } from '../../lib/useTitle';
import { useRangeWindow } from '../../live/useRangeWindow';
import { AddChart } from './AddChart';
import { ComparedHosts } from './ComparedHosts';
import { compareUsual, parseCompareState, withCompareState, type CompareState } from './compareState';
import { ComparisonPanel } from './ComparisonPanel';

/** Several hosts over one another: a chart for each metric, with a line for each host. */
export function ComparePage() {
  const [params, setParams] = useSearchParams();
  const state = parseCompareState(params);
  const [range, setRange] = useTimeRange(compareUsual);
  const window = useRangeWindow(range);
  const zoom = useCallback((from: number, to: number) => setRange(zoomInto(from, to)), [setRange]);
  useScrollToTop();
  useTitle('Compare');

  const { hosts, series } = state;
  const change = (next: Partial<CompareState>) => setParams(withCompareState(params, { ...state, ...next }), { replace: true });
  const [first] = hosts;
  return (
    <ZoomContext value={zoom}>
      <Link href="/" className="-ml-2 inline-flex h-10 items-center gap-1 rounded-lg px-2 text-ink-soft hover:text-ink">
        <BackIcon className="size-3.5" />
        Hosts
      </Link>
      <h1 className="mt-1 mb-4 text-2xl font-semibold tracking-tight">Compare</h1>
      <ComparedHosts hosts={hosts} onChange={(next) => change({ hosts: next })} />
      {window && (
        <RangeBar range={range} window={window} hasLive={false} onChange={setRange}>
          {hosts.length > 1 && <CsvButton path={historyPath('/api/v1/history', window, { host: hosts, series })} />}
        </RangeBar>
      )}
      {hosts.length < 2 ? (
        <EmptyState title={hosts.length === 0 ? 'Choose the hosts to compare' : 'One more host'}>Two or more are needed, up to eight.</EmptyState>
      ) : (
        window && (
          <>
            <div className="flex flex-wrap gap-3 *:grow *:basis-full sm:gap-4 lg:*:basis-[30rem]">
              {series.map((selector) => (
                <ComparisonPanel
                  key={selector}
                  hosts={hosts}
                  selector={selector}
                  window={window}
                  {...(series.length > 1 && { onRemove: () => change({ series: series.filter((other) => other !== selector) }) })}
                />
              ))}
            </div>
            {first !== undefined && <AddChart hosts={hosts} shown={series} onAdd={(selector) => change({ series: [...series, selector] })} />}
          </>
        )
      )}
    </ZoomContext>
  );
}
