import { useMemo, useState } from 'react';
import { percentAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { Segmented } from '../../components/Segmented';
import { useHostView } from '../../live/useHostView';
import { cpuLines } from './chartLines';
import { CoreGrid } from './CoreGrid';
import { LiveChart } from './LiveChart';

export function CpuSection({ id }: { id: number }) {
  const view = useHostView(id);
  const [detail, setDetail] = useState<'total' | 'cores'>('total');
  const lines = useMemo(() => cpuLines(view), [view]);
  const cores = view.family('cpu.core.percent');
  return (
    <Panel
      title="CPU"
      className={detail === 'cores' ? 'basis-full!' : ''}
      aside={
        cores.length > 0 && (
          <Segmented
            label="CPU view"
            value={detail}
            onChange={setDetail}
            choices={[
              { value: 'total', label: 'Total' },
              { value: 'cores', label: 'Per core' },
            ]}
          />
        )
      }
    >
      {detail === 'total' || cores.length === 0 ? (
        <LiveChart title="CPU in percent over the last 15 minutes" seconds={view.timeline.seconds} lines={lines} axis={percentAxis} testId="cpu-chart" />
      ) : (
        <CoreGrid view={view} cores={cores} />
      )}
    </Panel>
  );
}
