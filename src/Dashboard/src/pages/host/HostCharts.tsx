import { useCallback } from 'react';
import { Link, useSearchParams } from 'wouter';
import { historyPath, useSeriesCatalogue } from '../../api/history';
import { ZoomContext } from '../../charts/ZoomContext';
import { CsvButton } from '../../components/CsvButton';
import { CompareIcon } from '../../components/icons';
import { RangeBar } from '../../components/RangeBar';
import { parsePicked } from '../../lib/seriesSearch';
import { live, withTimeRange, zoomInto } from '../../lib/timeRange';
import { useTimeRange } from '../../lib/useTimeRange';
import { useRangeWindow } from '../../live/useRangeWindow';
import { compareUsual } from '../compare/compareState';
import { exportedSeries } from './historyPanels';
import { HistorySections } from './HistorySections';
import { LiveSections } from './LiveSections';

/** All charts of a host, live or over the range that the address says. */
export function HostCharts({ id }: { id: number }) {
  const [range, setRange] = useTimeRange(live);
  const window = useRangeWindow(range);
  const zoom = useCallback((from: number, to: number) => setRange(zoomInto(from, to)), [setRange]);
  const [params] = useSearchParams();
  const { data: catalogue } = useSeriesCatalogue(id, range.kind !== 'live');
  const exported = exportedSeries(catalogue ?? [], parsePicked(params));
  const compared = withTimeRange(new URLSearchParams({ host: id.toString() }), range.kind === 'live' ? compareUsual : range, compareUsual);
  return (
    <ZoomContext value={zoom}>
      <RangeBar range={range} window={window} hasLive onChange={setRange}>
        <Link href={`/compare?${compared.toString()}`} className="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3.5 hover:bg-raised">
          <CompareIcon />
          Compare
        </Link>
        {window && exported.length > 0 && <CsvButton path={historyPath(`/api/v1/hosts/${id}/history`, window, { series: exported })} />}
      </RangeBar>
      {window ? <HistorySections id={id} window={window} /> : <LiveSections id={id} />}
    </ZoomContext>
  );
}
