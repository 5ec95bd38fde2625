import { formatPercent } from '../lib/format';
import { levelOf } from '../lib/level';

const inks = { normal: 'text-ink', warn: 'text-warn font-semibold', bad: 'text-bad font-semibold' };

/** A percentage that turns amber and red with its meter. */
export function PercentText({ percent, className = '', testId }: { percent: number | null; className?: string; testId?: string }) {
  const ink = percent === null ? 'text-ink-faint' : inks[levelOf(percent)];
  return (
    <span className={`${ink} ${className}`} data-testid={testId}>
      {formatPercent(percent)}
    </span>
  );
}
