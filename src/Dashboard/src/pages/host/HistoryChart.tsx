import { useMemo, type ReactNode } from 'react';
import type { useHistory } from '../../api/history';
import type { ChartLine } from '../../charts/chartLine';
import type { Spans } from '../../charts/spanShading';
import { withThresholds, type Threshold } from '../../charts/thresholdLines';
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
  /** Bounds across the chart, and what is shaded in it. */
  thresholds?: readonly Threshold[];
  spans?: Spans;
  testId?: string;
  /** In place of the chart, once there is an answer. */
  children?: ReactNode;
}

const noThresholds: readonly Threshold[] = [];

/** The chart of an answer, and what stands there until it has come. */
export function HistoryChart({ history, window, title, lines, axis, thresholds = noThresholds, spans, testId, children }: HistoryChartProps) {
  const { data, error, refetch, isPlaceholderData } = history;
  const seconds = useMemo(() => (data?.times ?? []).map((time) => time / 1000), [data?.times]);
  const bounded = useMemo(() => withThresholds(seconds, lines, thresholds, data?.window ?? window), [seconds, lines, thresholds, data?.window, window]);
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
      {children || <TimeSeriesChart title={title} seconds={bounded.seconds} lines={bounded.lines} axis={axis} window={data.window} gaps={data.gaps} step={data.step} {...(spans && { spans })} {...(testId !== undefined && { testId })} />}
    </div>
  );
}
