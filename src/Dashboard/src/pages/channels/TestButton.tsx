import { useTestChannel } from '../../api/channels';
import type { ChannelTest } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { CheckIcon, OfflineIcon } from '../../components/icons';

const words: Record<ChannelTest['outcome'], string> = { accepted: 'Delivered', retry: 'Not now', refused: 'Refused' };

/** Sends a test message at once, and says what the channel made of it. */
export function TestButton({ id, name }: { id: number; name: string }) {
  const test = useTestChannel();
  const { data: result, error } = test;
  const isGood = result?.outcome === 'accepted';
  return (
    <>
      <Button onClick={() => test.mutate(id)} disabled={test.isPending} aria-label={`Send a test message to ${name}`}>
        {test.isPending ? 'Sending…' : 'Send test'}
      </Button>
      <span role="status" className="min-w-0 empty:hidden">
        {!test.isPending && (result || error) && (
          <span className={`inline-flex items-start gap-1.5 text-[13px] ${isGood ? 'text-good' : 'text-bad'}`}>
            {isGood ? <CheckIcon className="mt-0.5 size-3.5" /> : <OfflineIcon className="mt-0.5 size-3.5" />}
            <span className="min-w-0 break-words">
              {result ? words[result.outcome] : 'Not sent'}
              {(result?.error ?? error?.message) && `: ${result?.error ?? error?.message ?? ''}`}
            </span>
          </span>
        )}
      </span>
    </>
  );
}
