import { formatAgo } from '../lib/format';
import { useTick } from '../lib/ticker';
import { useLive } from '../live/LiveContext';

/** How long ago a server time was, counting on by itself. */
export function RelativeTime({ at, never = 'never' }: { at: number | null; never?: string }) {
  const { clock } = useLive();
  useTick();
  if (at === null || Number.isNaN(at)) return <>{never}</>;
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {formatAgo(clock.now() - at)}
    </time>
  );
}
