import { PercentText } from '../../components/PercentText';
import { Sparkline } from '../../components/Sparkline';
import type { HostView, KnownSeries } from '../../lib/hostView';
import { thinOut } from '../../lib/sparkline';

/** Points of one small line: more than its pixels would only cost. */
const points = 90;

/** One small picture per core on a common scale: legible with four cores and with a hundred, which lines in one chart are not. */
export function CoreGrid({ view, cores }: { view: HostView; cores: KnownSeries[] }) {
  return (
    <>
      <ul className="grid max-h-[28rem] grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-2 overflow-y-auto">
        {cores.map((core) => (
          <li key={core.name} className="rounded-lg bg-raised p-2">
            <div className="flex items-baseline justify-between text-[13px]">
              <span className="text-ink-soft">Core {core.label}</span>
              <PercentText percent={view.current(core)} />
            </div>
            <Sparkline values={thinOut(view.along(view.values(core)), points)} className="mt-1.5 h-8 w-full" />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-[13px] text-ink-faint">Each from 0 to 100% over the last 15 minutes.</p>
    </>
  );
}
