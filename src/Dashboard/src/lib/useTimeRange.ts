import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { isSameRange, parseTimeRange, withTimeRange, type TimeRange } from './timeRange';

/** The range in the address. Another one is a step that the back button takes back. */
export function useTimeRange(usual: TimeRange): [TimeRange, (next: TimeRange) => void] {
  const [params, setParams] = useSearchParams();
  const range = useMemo(() => parseTimeRange(params, usual), [params, usual]);
  const setRange = useCallback(
    (next: TimeRange) => {
      if (!isSameRange(next, range)) setParams(withTimeRange(params, next, usual));
    },
    [params, setParams, range, usual],
  );
  return [range, setRange];
}
