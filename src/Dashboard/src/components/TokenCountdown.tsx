import { formatCountdown } from '../lib/format';
import { useTick } from '../lib/ticker';
import { useLive } from '../live/LiveContext';
import { Button } from './Button';

/** How long an unused token is still good. */
export function TokenCountdown({ expiresAt, onRenew, isRenewing }: { expiresAt: number; onRenew: () => void; isRenewing: boolean }) {
  const { clock } = useLive();
  useTick();
  const left = expiresAt - clock.now();
  if (left <= 0) {
    return (
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2 rounded-lg bg-bad-soft py-1.5 pr-1.5 pl-3">
        <p role="status" className="text-[13px] font-medium text-bad">
          The token was not used in time and is void.
        </p>
        <Button onClick={onRenew} disabled={isRenewing}>
          {isRenewing ? 'Making one…' : 'Make a new token'}
        </Button>
      </div>
    );
  }

  return (
    <p role="timer" aria-live="off" className="mt-2 text-[13px] text-ink-soft">
      Must be used within <span className="font-semibold text-ink">{formatCountdown(left)}</span>. With the first report it becomes permanent.
    </p>
  );
}
