import { useMemo, type ReactNode } from 'react';
import { useHistory } from '../../api/history';
import type { CatalogueSeries } from '../../api/types';
import { axisOf } from '../../charts/axes';
import { lineOf } from '../../charts/historyLines';
import { Panel } from '../../components/Panel';
import type { TimeWindow } from '../../lib/timeRange';
import { HistoryChart } from './HistoryChart';

interface PickedSeriesProps {
  id: number;
  name: string;
  /** What is known of it; null if the host has no such series. */
  series: CatalogueSeries | null;
  window: TimeWindow;
  children: ReactNode;
}

/** One series alone. */
export function PickedSeries({ id, name, series, window, children }: PickedSeriesProps) {
  const selectors = useMemo(() => (series ? [name] : []), [series, name]);
  const history = useHistory(id, selectors, window);
  const { data } = history;
  const lines = useMemo(() => (data?.series ?? []).map((each) => lineOf(each, { label: each.view === 'rate' ? 'Per second' : 'Value', color: '--chart-1', look: 'line' })), [data?.series]);
  const unit = data?.series[0]?.unit ?? '';
  const axis = useMemo(() => axisOf(unit), [unit]);
  return (
    <Panel title={name} aside={children}>
      {series ? (
        <>
          {series.meaning && <p className="-mt-2 mb-2 text-[13px] text-ink-soft">{series.meaning}</p>}
          <HistoryChart history={history} window={window} title={name} lines={lines} axis={axis} />
        </>
      ) : (
        <p className="text-ink-faint">This host has no such series.</p>
      )}
    </Panel>
  );
}
