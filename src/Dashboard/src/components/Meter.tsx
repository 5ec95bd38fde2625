import { levelOf } from '../lib/level';

const fills = { normal: 'bg-fill-normal', warn: 'bg-fill-warn', bad: 'bg-fill-bad' };

/** A bar for a percentage. The number stands beside it, so the bar itself says nothing to a screen reader. */
export function Meter({ percent, className = '' }: { percent: number | null; className?: string }) {
  const width = percent === null ? 0 : Math.min(Math.max(percent, 0), 100);
  return (
    <span className={`block h-1.5 overflow-hidden rounded-full bg-track ${className}`} aria-hidden="true">
      <span className={`block h-full rounded-full transition-[width] duration-300 ${fills[levelOf(percent)]}`} style={{ width: `${width}%` }} />
    </span>
  );
}
