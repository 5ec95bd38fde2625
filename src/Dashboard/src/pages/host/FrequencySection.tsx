import { useMemo } from 'react';
import { frequencyAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { useHostView } from '../../live/useHostView';
import { simpleLines } from './chartLines';
import { LiveChart } from './LiveChart';

const mean = [['cpu.frequency.mhz', 'Mean of all cores']] as const;

/** Not every machine tells its clock rate; virtual ones often do not. */
export function FrequencySection({ id }: { id: number }) {
  const view = useHostView(id);
  const lines = useMemo(() => simpleLines(view, mean), [view]);
  if (lines.length === 0) return null;
  return (
    <Panel title="CPU frequency">
      <LiveChart title="CPU frequency over the last 15 minutes" seconds={view.timeline.seconds} lines={lines} axis={frequencyAxis} />
    </Panel>
  );
}
