import { formatCountdown } from '../../lib/format';
import { useTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';

/** How long an unused token is still good. */
export function TokenCountdown({ expiresAt }: { expiresAt: number }) {
  const { clock } = useLive();
  useTick();
  const left = expiresAt - clock.now();
  if (left <= 0) return <p className="mt-2 text-[13px] font-medium text-bad">The token was not used in time and is void. Close this and add the host again.</p>;
  return (
    <p className="mt-2 text-[13px] text-ink-soft">
      Must be used within <span className="font-semibold text-ink">{formatCountdown(left)}</span>. With the first report it becomes permanent.
    </p>
  );
}
