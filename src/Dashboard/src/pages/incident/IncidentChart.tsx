import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import { useHistory } from '../../api/history';
import type { Incident } from '../../api/alertTypes';
import { axisOf } from '../../charts/axes';
import { lineOf } from '../../charts/historyLines';
import { Panel } from '../../components/Panel';
import { onTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';
import { HistoryChart } from '../host/HistoryChart';
import { chartStepMs, incidentSpan, incidentWindow, thresholdsOf } from './incidentChart';

/** What is shown of a host whose alert has no series of its own: that it was there, and what it did. */
const usualSeries = 'cpu.percent';

/** The values before, during and after. */
export function IncidentChart({ incident }: { incident: Incident }) {
  const { clock } = useLive();
  const isOver = incident.resolvedAt !== null;
  const readStep = useCallback(() => Math.floor(clock.now() / chartStepMs) * chartStepMs, [clock]);
  const now = useSyncExternalStore(onTick, readStep);
  const { openedAt, resolvedAt, rule } = incident;
  // In whole steps, so that it is the same object until it has moved on.
  const { from, to } = incidentWindow(incident, now);
  const window = useMemo(() => ({ from, to }), [from, to]);
  const series = incident.series ?? usualSeries;
  const selectors = useMemo(() => [series], [series]);
  const history = useHistory(incident.host.id, selectors, window);
  const { data } = history;
  const lines = useMemo(() => (data?.series ?? []).map((each) => lineOf(each, { label: each.view === 'rate' ? 'Per second' : 'Value', color: '--chart-1', look: 'line' })), [data?.series]);
  const unit = data?.series[0]?.unit ?? rule.unit ?? '';
  const axis = useMemo(() => axisOf(unit), [unit]);
  const thresholds = useMemo(() => (incident.series === null ? [] : thresholdsOf(rule)), [incident.series, rule]);
  const spans = useMemo(() => ({ label: isOver ? 'While it was open' : 'Since it is open', list: [incidentSpan({ openedAt, resolvedAt }, { from, to })] }), [isOver, openedAt, resolvedAt, from, to]);
  const href = `/hosts/${incident.host.id}?${new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...(incident.series !== null && { series }) }).toString()}`;
  return (
    <Panel
      title={incident.series ?? 'CPU of the host meanwhile'}
      aside={
        <Link href={href} className="text-[13px] text-accent-ink underline-offset-2 hover:underline">
          All charts of this time
        </Link>
      }
    >
      <HistoryChart history={history} window={window} title={`${series} around the alert`} lines={lines} axis={axis} thresholds={thresholds} spans={spans} testId="incident-chart" />
    </Panel>
  );
}
