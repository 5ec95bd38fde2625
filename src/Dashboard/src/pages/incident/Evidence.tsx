import { useState } from 'react';
import type { IncidentStory, ProcessSighting } from '../../api/alertTypes';
import { Panel } from '../../components/Panel';
import { Segmented } from '../../components/Segmented';
import { formatBytes, formatPercent } from '../../lib/format';

type By = 'cpu' | 'memory';

/** What ran when it began, as the agent told. */
export function Evidence({ story }: { story: IncidentStory }) {
  const [by, setBy] = useState<By>(story.series?.startsWith('memory') || story.series?.startsWith('swap') ? 'memory' : 'cpu');
  const most = ({ cpuPercent, memoryBytes }: ProcessSighting) => (by === 'cpu' ? cpuPercent : memoryBytes);
  if (story.processes.length === 0) {
    return (
      <Panel title="Processes when it began">
        <p className="text-ink-soft">The agent did not tell. It is asked when an alert fires, and older agents, and machines that are gone, do not answer.</p>
      </Panel>
    );
  }

  return (
    <Panel
      title="Processes when it began"
      aside={
        <Segmented
          label="Order"
          value={by}
          onChange={setBy}
          choices={[
            { value: 'cpu', label: 'CPU' },
            { value: 'memory', label: 'Memory' },
          ]}
        />
      }
    >
      <table className="w-full border-collapse text-left [&_td]:py-1.5 [&_th]:pb-1.5 [&_th]:font-medium">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col">Process</th>
            <th scope="col" className="w-20 text-right max-sm:hidden">Id</th>
            <th scope="col" className="w-20 text-right" title="Of one core; several cores are more than 100%">CPU</th>
            <th scope="col" className="w-24 text-right">Memory</th>
          </tr>
        </thead>
        <tbody>
          {story.processes.toSorted((a, b) => most(b) - most(a)).map((process) => (
            <tr key={process.id} className="border-b border-line last:border-0">
              <td className="max-w-0 truncate font-mono text-[13px]" title={`${process.name}, ${process.id}`}>
                {process.name}
              </td>
              <td className="text-right text-ink-soft max-sm:hidden">{process.id}</td>
              <td className="text-right">{formatPercent(process.cpuPercent)}</td>
              <td className="text-right">{formatBytes(process.memoryBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-[13px] text-ink-faint">CPU of one core: a process on several cores has more than 100%.</p>
    </Panel>
  );
}
