import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { onTick } from '../lib/ticker';
import { relativeRange, windowOf, type TimeRange, type TimeWindow } from '../lib/timeRange';
import { useLive } from './LiveContext';

/** The stretch that a range stands for now, in server time; the same object until it has moved on by a step. Null for the live view. */
export function useRangeWindow(range: TimeRange): TimeWindow | null {
  const { clock } = useLive();
  const step = range.kind === 'relative' ? relativeRange(range.name).stepMs : null;
  const readStep = useCallback(() => (step === null ? 0 : Math.floor(clock.now() / step) * step), [clock, step]);
  const now = useSyncExternalStore(onTick, readStep);
  return useMemo(() => windowOf(range, now), [range, now]);
}
