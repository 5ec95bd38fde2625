import { useLiveState } from '../live/useLiveState';

/** Quiet proof that the page is live; a lost connection gets the banner. */
export function LiveDot() {
  const { phase } = useLiveState();
  const isLive = phase === 'connected';
  return (
    <span className="mr-1 inline-flex items-center gap-1.5 text-[13px] text-ink-soft" title={isLive ? 'Values appear as they are reported' : 'Connecting to the server'}>
      <span className={`size-2 rounded-full ${isLive ? 'bg-good' : 'bg-warn'}`} aria-hidden="true" />
      <span className="max-sm:sr-only">{isLive ? 'Live' : 'Connecting'}</span>
    </span>
  );
}
