import { useMemo } from 'react';
import type { PreviewSeries, RulePreview } from '../../api/alertTypes';
import { axisOf } from '../../charts/axes';
import type { ChartLine } from '../../charts/chartLine';
import { withThresholds, type Threshold } from '../../charts/thresholdLines';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';

/** The past of a series with the bounds of a rule, and when the rule would have fired. */
export function PreviewChart({ preview, series, thresholds }: { preview: RulePreview; series: PreviewSeries; thresholds: readonly Threshold[] }) {
  const window = useMemo(() => ({ from: preview.from, to: preview.to }), [preview.from, preview.to]);
  const axis = useMemo(() => axisOf(series.unit), [series.unit]);
  const { seconds, lines } = useMemo(() => {
    const { min, max, mean } = series;
    const line: ChartLine = { key: series.name, label: 'Value', color: '--chart-1', look: 'line', values: mean, ...(preview.step > 0 && { band: { min, max } }) };
    return withThresholds(series.times.map((time) => time / 1000), [line], thresholds, window);
  }, [series, preview.step, thresholds, window]);
  const spans = useMemo(() => ({ label: 'Would have been open', list: series.episodes.map(({ from, to }) => ({ from, to: to ?? window.to })) }), [series.episodes, window.to]);
  return (
    <div>
      <p className="mb-1 font-mono text-xs break-all text-ink-soft">{series.name}</p>
      <TimeSeriesChart title={`${series.name} and when the rule would have fired`} seconds={seconds} lines={lines} axis={axis} window={window} spans={spans} step={preview.step} testId="preview-chart" empty="No values in this time" />
    </div>
  );
}
