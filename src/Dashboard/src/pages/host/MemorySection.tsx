import { useMemo } from 'react';
import { byteAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { formatBytes, formatPercent } from '../../lib/format';
import { useHostView } from '../../live/useHostView';
import { memoryLines } from './chartLines';
import { LiveChart } from './LiveChart';

export function MemorySection({ id }: { id: number }) {
  const view = useHostView(id);
  const lines = useMemo(() => memoryLines(view), [view]);
  const total = view.currentOf('memory.total.bytes');
  const axis = useMemo(() => byteAxis(total), [total]);
  const swapTotal = view.currentOf('swap.total.bytes') ?? 0;
  return (
    <Panel
      title="Memory"
      aside={
        <p className="text-[13px] text-ink-soft">
          {formatBytes(total)} installed
          {swapTotal > 0 && `, ${formatPercent(view.currentOf('swap.used.percent'))} of ${formatBytes(swapTotal)} swap used`}
        </p>
      }
    >
      <LiveChart title="Memory in use over the last 15 minutes" seconds={view.timeline.seconds} lines={lines} axis={axis} />
    </Panel>
  );
}
