import { useMemo } from 'react';
import { loadAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { plural } from '../../lib/format';
import { useHostView } from '../../live/useHostView';
import { simpleLines } from './chartLines';
import { LiveChart } from './LiveChart';

const averages = [['load.1m', '1 minute'], ['load.5m', '5 minutes'], ['load.15m', '15 minutes']] as const;

export function LoadSection({ id }: { id: number }) {
  const view = useHostView(id);
  const lines = useMemo(() => simpleLines(view, averages), [view]);
  const cores = view.family('cpu.core.percent').length;
  return (
    <Panel title="Load average" aside={cores > 0 && <p className="text-[13px] text-ink-soft">All {plural(cores, 'core', 'cores')} busy at {cores}</p>}>
      <LiveChart title="Load averages over the last 15 minutes" seconds={view.timeline.seconds} lines={lines} axis={loadAxis} />
    </Panel>
  );
}
