import type { ChartLine } from '../../charts/chartLine';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import type { YAxis } from '../../charts/timeSeriesOptions';
import { useLiveWindow } from '../../live/useLiveWindow';

interface LiveChartProps {
  title: string;
  /** Unix seconds of every point, ascending. */
  seconds: number[];
  lines: ChartLine[];
  axis: YAxis;
  testId?: string;
}

/** A chart of what arrives, which moves on with the server's clock. */
export function LiveChart({ seconds, ...chart }: LiveChartProps) {
  const [oldest] = seconds;
  const newest = seconds.at(-1);
  const { start, end } = useLiveWindow(oldest === undefined || newest === undefined ? null : { oldest: oldest * 1000, newest: newest * 1000 });
  return <TimeSeriesChart {...chart} seconds={seconds} window={{ from: start, to: end }} resting="latest" empty="No values yet" />;
}
