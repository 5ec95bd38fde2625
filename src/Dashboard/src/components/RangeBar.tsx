import type { ReactNode } from 'react';
import { describeWindow, live, zoomOut, type TimeRange, type TimeWindow } from '../lib/timeRange';
import { windowMs } from '../lib/liveWindow';
import { useLive } from '../live/LiveContext';
import { Button } from './Button';
import { ZoomOutIcon } from './icons';
import { RangePicker } from './RangePicker';

interface RangeBarProps {
  range: TimeRange;
  /** What the range stands for now; null for the live view. */
  window: TimeWindow | null;
  hasLive: boolean;
  onChange: (range: TimeRange) => void;
  children?: ReactNode;
}

/** The range of a page's charts, the ways out of a closer look, and what else is done with all of them. */
export function RangeBar({ range, window, hasLive, onChange, children }: RangeBarProps) {
  const { clock } = useLive();
  const now = clock.now();
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2 sm:mb-4" role="group" aria-label="Range of the charts">
      <RangePicker range={range} window={window ?? { from: now - windowMs, to: now }} hasLive={hasLive} onChange={onChange} />
      {range.kind === 'fixed' && (
        <Button onClick={() => onChange(zoomOut(range, clock.now()))}>
          <ZoomOutIcon />
          Zoom out
        </Button>
      )}
      {hasLive && range.kind !== 'live' && <Button onClick={() => onChange(live)}>Back to live</Button>}
      {window && (
        <p className="min-w-0 text-[13px] text-ink-soft" data-testid="range">
          {describeWindow(window)}
        </p>
      )}
      <div className="ml-auto flex flex-wrap justify-end gap-2">{children}</div>
    </div>
  );
}
