import { formatAgo } from '../lib/format';
import { useTick } from '../lib/ticker';
import { useLiveState } from '../live/useLiveState';
import { WarningIcon } from './icons';

/** A break shorter than this is mended before anybody has read about it. */
const patienceMs = 1500;

/** Admits that what is on the page is no longer live. */
export function ConnectionBanner() {
  const state = useLiveState();
  return state.phase === 'disconnected' ? <Disconnected since={state.since} /> : null;
}

function Disconnected({ since }: { since: number }) {
  const seconds = useSecondsSince(since);
  if (seconds * 1000 < patienceMs) return null;
  return (
    <div role="status" data-testid="disconnected" className="border-b border-warn/30 bg-warn-soft text-warn">
      <p className="mx-auto flex max-w-[1440px] items-center gap-2.5 px-4 py-2.5 font-medium sm:px-6">
        <WarningIcon />
        <span>
          Not connected — showing the last known values, trying again…
          <span className="ml-2 font-normal whitespace-nowrap">Lost {formatAgo(seconds * 1000)}</span>
        </span>
      </p>
    </div>
  );
}

function useSecondsSince(since: number): number {
  useTick();
  // eslint-disable-next-line react-hooks/purity -- the tick above is the moment this is computed for
  return Math.floor((Date.now() - since) / 1000);
}
