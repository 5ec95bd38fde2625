import { useMemo } from 'react';
import { useComparison } from '../../api/history';
import { axisOf } from '../../charts/axes';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import { Button } from '../../components/Button';
import { LoadError } from '../../components/LoadError';
import { Panel } from '../../components/Panel';
import { Skeleton } from '../../components/Skeleton';
import { isOutdated } from '../../lib/isOutdated';
import type { TimeWindow } from '../../lib/timeRange';
import { compareHosts } from './comparison';
import { metricTitle } from './metricTitle';

interface ComparisonPanelProps {
  hosts: number[];
  selector: string;
  window: TimeWindow;
  onRemove?: () => void;
}

const combinedWords = { none: '', sum: 'All of a host’s added up.', highest: 'The highest of each host.' };

/** One metric of all compared hosts. */
export function ComparisonPanel({ hosts, selector, window, onRemove }: ComparisonPanelProps) {
  const { data, error, refetch, isPlaceholderData } = useComparison(hosts, selector, window);
  const comparison = useMemo(() => (data ? compareHosts(data) : null), [data]);
  const axis = useMemo(() => axisOf(comparison?.unit ?? ''), [comparison?.unit]);
  const title = metricTitle(selector);
  const content = () => {
    if (!data || !comparison) {
      if (error) return <LoadError what={title} error={error} onRetry={() => void refetch()} />;
      return (
        <div aria-busy="true">
          <p className="sr-only" role="status">Loading</p>
          <Skeleton className="h-[13.25rem]" />
        </div>
      );
    }

    const isOld = isPlaceholderData && (isOutdated(data.window, window) || data.hosts.length !== hosts.length);
    return (
      <div className={`flex grow flex-col transition-opacity ${isOld ? 'opacity-50' : ''}`} aria-busy={isOld}>
        <TimeSeriesChart title={`${title} of ${data.hosts.length} hosts`} seconds={comparison.seconds} lines={comparison.lines} axis={axis} window={data.window} gaps={comparison.gaps} step={data.step} testId={`compare-${selector}`} />
        {comparison.combined !== 'none' && <p className="mt-2 text-[13px] text-ink-faint">{combinedWords[comparison.combined]}</p>}
      </div>
    );
  };
  return (
    <Panel
      title={title}
      aside={
        onRemove && (
          <Button look="quiet" className="h-8! px-2.5! text-[13px]" onClick={onRemove} aria-label={`Remove ${title}`}>
            Remove
          </Button>
        )
      }
    >
      {content()}
    </Panel>
  );
}
