import { Meter } from '../../components/Meter';
import { Panel } from '../../components/Panel';
import { PercentText } from '../../components/PercentText';
import { formatBytes } from '../../lib/format';
import { useHostView } from '../../live/useHostView';
import { filesystems } from './filesystems';

export function DiskSpaceSection({ id }: { id: number }) {
  const view = useHostView(id);
  const all = filesystems(view);
  return (
    <Panel title="Disk space">
      {all.length === 0 ? (
        <p className="text-ink-faint">No filesystem is reported.</p>
      ) : (
        <ul className="-mr-2 max-h-[17rem] space-y-4 overflow-y-auto pr-2">
          {all.map(({ mount, percent, used, free, total }) => (
            <li key={mount}>
              <div className="flex items-baseline justify-between gap-3">
                <span className="min-w-0 truncate font-mono text-[13px]" title={mount}>{mount}</span>
                <PercentText percent={percent} className="font-medium" />
              </div>
              <Meter percent={percent} className="mt-1.5 h-2!" />
              <p className="mt-1 text-[13px] text-ink-soft">
                {formatBytes(used)} of {formatBytes(total)} used, {formatBytes(free)} free
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
