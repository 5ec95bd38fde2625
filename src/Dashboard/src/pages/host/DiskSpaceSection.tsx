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
        <ul className="-mr-2 max-h-[14.5rem] space-y-3.5 overflow-y-auto pr-2">
          {all.map(({ mount, percent, used, free, total }) => (
            <li key={mount}>
              <div className="flex items-baseline gap-3">
                <span className="min-w-0 grow truncate font-mono text-[13px]" title={`${mount}, ${formatBytes(used)} used`}>{mount}</span>
                <span className="shrink-0 text-[13px] text-ink-soft">{formatBytes(free)} free of {formatBytes(total)}</span>
                <PercentText percent={percent} className="min-w-10 text-right font-medium" />
              </div>
              <Meter percent={percent} className="mt-1.5 h-2!" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
