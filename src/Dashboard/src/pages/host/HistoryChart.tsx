import { useMemo, type ReactNode } from 'react';
import type { useHistory } from '../../api/history';
import type { ChartLine } from '../../charts/chartLine';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import type { YAxis } from '../../charts/timeSeriesOptions';
import { LoadError } from '../../components/LoadError';
import { Skeleton } from '../../components/Skeleton';
import { isOutdated } from '../../lib/isOutdated';
import type { TimeWindow } from '../../lib/timeRange';

interface HistoryChartProps {
  history: ReturnType<typeof useHistory>;
  /** What is asked for; what is shown may still be what was asked before. */
  window: TimeWindow;
  title: string;
  lines: ChartLine[];
  axis: YAxis;
  testId?: string;
  /** In place of the chart, once there is an answer. */
  children?: ReactNode;
}

/** The chart of an answer, and what stands there until it has come. */
export function HistoryChart({ history, window, title, lines, axis, testId, children }: HistoryChartProps) {
  const { data, error, refetch, isPlaceholderData } = history;
  const seconds = useMemo(() => (data?.times ?? []).map((time) => time / 1000), [data?.times]);
  if (!data) {
    if (error) return <LoadError what={title} error={error} onRetry={() => void refetch()} />;
    return (
      <div aria-busy="true">
        <p className="sr-only" role="status">Loading</p>
        <Skeleton className="h-[13.25rem]" />
      </div>
    );
  }

  const isOld = isPlaceholderData && isOutdated(data.window, window);
  return (
    <div className={`flex grow flex-col transition-opacity ${isOld ? 'opacity-50' : ''}`} aria-busy={isOld}>
      {children || <TimeSeriesChart title={title} seconds={seconds} lines={lines} axis={axis} window={data.window} gaps={data.gaps} step={data.step} {...(testId !== undefined && { testId })} />}
    </div>
  );
}
