import { memo, useMemo } from 'react';
import { sparklinePaths } from '../lib/sparkline';

const width = 120;
const height = 30;

/** A small line from 0 to `max` without axes, stretched to its box. The number beside it carries the meaning. */
export const Sparkline = memo(function Sparkline({ values, max = 100, className = '' }: { values: readonly (number | null)[]; max?: number; className?: string }) {
  const { line, area } = useMemo(() => sparklinePaths(values, width, height, max), [values, max]);
  return (
    // Room above and below for half the stroke, which would be cut off at 0 and at the maximum.
    <svg viewBox={`0 -1 ${width} ${height + 2}`} preserveAspectRatio="none" className={`block text-fill-normal ${className}`} aria-hidden="true">
      <path d={area} fill="currentColor" opacity="0.13" />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
});
