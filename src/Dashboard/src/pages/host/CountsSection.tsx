import { useMemo } from 'react';
import { countAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { useHostView } from '../../live/useHostView';
import { familyLines, simpleLines } from './chartLines';
import { LiveChart } from './LiveChart';

const processes = [['processes.count', 'All'], ['processes.running', 'Running']] as const;

/** Processes and connections: two pictures, because their numbers have nothing to do with each other. */
export function CountsSection({ id }: { id: number }) {
  const view = useHostView(id);
  const processLines = useMemo(() => simpleLines(view, processes), [view]);
  const connectionLines = useMemo(() => familyLines(view, 'tcp.connections'), [view]);
  return (
    <>
      {processLines.length > 0 && (
        <Panel title="Processes">
          <LiveChart title="Processes over the last 15 minutes" seconds={view.timeline.seconds} lines={processLines} axis={countAxis} />
        </Panel>
      )}
      {connectionLines.length > 0 && (
        <Panel title="TCP connections">
          <LiveChart title="TCP connections by state over the last 15 minutes" seconds={view.timeline.seconds} lines={connectionLines} axis={countAxis} />
        </Panel>
      )}
    </>
  );
}
