import { Link } from 'wouter';
import { Panel } from '../../components/Panel';
import { formatValue, plural } from '../../lib/format';
import { useHostView } from '../../live/useHostView';
import { otherSeries } from './otherSeriesOf';

/** Everything the host reports that no picture above shows, with its newest value. */
export function OtherSeries({ id }: { id: number }) {
  const view = useHostView(id);
  const others = otherSeries(view);
  if (others.length === 0) return null;
  return (
    <Panel title="Other series" className="basis-full!" aside={<p className="text-[13px] text-ink-soft">{plural(others.length, 'series', 'series')}, newest values</p>}>
      <dl className="max-h-96 columns-1 gap-x-8 overflow-y-auto text-[13px] md:columns-2 xl:columns-3">
        {others.map((series) => (
          <div key={series.name} className="flex break-inside-avoid items-baseline justify-between gap-4 border-b border-line py-1.5">
            <dt className="min-w-0 font-mono text-xs break-all text-ink-soft">
              <Link href={`?${new URLSearchParams({ range: '1h', series: series.name }).toString()}`} title="Show its last hour" className="hover:text-accent-ink hover:underline">
                {series.name}
              </Link>
            </dt>
            <dd className="font-medium whitespace-nowrap">{formatValue(view.current(series), series.unit, series.kind === 'counter')}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
