import { useMemo, useState } from 'react';
import { byteRateAxis } from '../../charts/axes';
import { Panel } from '../../components/Panel';
import { Segmented } from '../../components/Segmented';
import { useHostView } from '../../live/useHostView';
import { countDevices, pairLines, type Detail, type diskPair } from './chartLines';
import { LiveChart } from './LiveChart';

interface TrafficSectionProps {
  id: number;
  title: string;
  pair: typeof diskPair;
  each: string;
  many: string;
}

/** Bytes per second in two directions: the network's interfaces, or the disks. */
export function TrafficSection({ id, title, pair, each, many }: TrafficSectionProps) {
  const view = useHostView(id);
  const [detail, setDetail] = useState<Detail>('sum');
  const lines = useMemo(() => pairLines(view, pair, detail), [view, pair, detail]);
  const devices = countDevices(view, pair);
  return (
    <Panel
      title={title}
      aside={
        devices.all > 0 && (
          <Segmented
            label={`${title} view`}
            value={detail}
            onChange={setDetail}
            choices={[
              { value: 'sum', label: 'Sum' },
              { value: 'each', label: each },
            ]}
          />
        )
      }
    >
      <LiveChart title={`${title} in bytes per second over the last 15 minutes`} seconds={view.timeline.seconds} lines={lines} axis={byteRateAxis} />
      {detail === 'each' && devices.hidden > 0 && (
        <p className="mt-2 text-[13px] text-ink-faint">
          The {devices.all - devices.hidden} busiest of {devices.all} {many}.
        </p>
      )}
    </Panel>
  );
}
