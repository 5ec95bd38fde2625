import { useMemo, useState } from 'react';
import type { History } from '../../api/types';
import { useHistory } from '../../api/history';
import { byteAxis } from '../../charts/axes';
import { maxLines } from '../../charts/chartLine';
import { deviceLines, highest, oneDeviceLines, totalLines } from '../../charts/historyLines';
import { selectLook } from '../../components/fieldLooks';
import { Panel } from '../../components/Panel';
import type { TimeWindow } from '../../lib/timeRange';
import { DeviceGrid } from './DeviceGrid';
import { HistoryChart } from './HistoryChart';
import { detailsOf, detailText, nameDetail, parseDetail, selectorsOf, type Detail, type HistoryPanel } from './historyPanels';

interface HistorySectionProps {
  id: number;
  panel: HistoryPanel;
  window: TimeWindow;
}

/** One panel of a host's history, as a whole or by its devices. */
export function HistorySection({ id, panel, window }: HistorySectionProps) {
  const [chosen, setChosen] = useState('');
  const detail = parseDetail(panel, chosen);
  const history = useHistory(id, selectorsOf(panel, detail), window);
  const details = detailsOf(panel);
  // So many of one kind are small pictures instead, which stay legible with a hundred.
  const isGrid = detail.kind === 'each' && panel.each.length === 1 && panel.devices.length > maxLines;
  const picture = useMemo(() => (history.data ? pictureOf(history.data, panel, detail) : null), [history.data, panel, detail]);
  return (
    <Panel
      title={panel.title}
      className={isGrid ? 'basis-full!' : ''}
      aside={
        details.length > 1 && (
          <select aria-label={`${panel.title}: what to show`} value={detailText(detail)} onChange={(event) => setChosen(event.target.value)} className={`max-w-44 text-[13px] ${selectLook} h-8!`}>
            {details.map((each) => (
              <option key={detailText(each)} value={detailText(each)}>
                {nameDetail(panel, each)}
              </option>
            ))}
          </select>
        )
      }
    >
      <HistoryChart history={history} window={window} title={detail.kind === 'total' ? panel.title : `${panel.title}: ${nameDetail(panel, detail)}`} lines={picture?.lines ?? []} axis={picture?.axis ?? panel.axis} testId={`history-${panel.key}`}>
        {isGrid && history.data && <DeviceGrid history={history.data} one={panel.one} format={panel.axis.format} max={panel.axis.max} onPick={(device) => setChosen(detailText({ kind: 'one', device }))} />}
      </HistoryChart>
      {picture !== null && picture.hidden > 0 && !isGrid && (
        <p className="mt-2 text-[13px] text-ink-faint">
          The {panel.devices.length - picture.hidden} busiest of {panel.devices.length} {panel.many}.
        </p>
      )}
    </Panel>
  );
}

function pictureOf(history: History, panel: HistoryPanel, detail: Detail) {
  const top = panel.top === null ? null : highest(history, panel.top);
  // A host without swap says that it has none of it, and a top of nothing is no axis.
  const axis = top === null || top === 0 ? panel.axis : byteAxis(top);
  switch (detail.kind) {
    case 'total':
      return { lines: totalLines(history, panel.total), hidden: 0, axis };
    case 'each':
      return { ...deviceLines(history, panel.each), axis };
    case 'one':
      return { lines: oneDeviceLines(history, panel.each, detail.device), hidden: 0, axis };
  }
}
