import { ApiError } from '../api/ApiError';
import { waitInWords } from '../lib/format';
import { useTick } from '../lib/ticker';
import { WarningIcon } from './icons';

/** Why a form was not taken, above what can be done about it. */
export function FormError({ error, words = (known) => known.message }: { error: Error | null; words?: (error: Error) => string }) {
  if (!error) return null;
  return (
    <div role="alert" className="flex items-start gap-2.5 rounded-lg bg-bad-soft px-3 py-2.5 text-bad">
      <WarningIcon className="mt-0.5 size-4" />
      <p className="min-w-0 break-words">
        {words(error)} {error instanceof ApiError && error.retryAt !== null && <RetryTime at={error.retryAt} />}
      </p>
    </div>
  );
}

function RetryTime({ at }: { at: number }) {
  useTick();
  // eslint-disable-next-line react-hooks/purity -- the tick above is the moment this is computed for
  const left = at - Date.now();
  // Not read out again every second.
  return <span aria-live="off">{left > 0 ? `Try again in ${waitInWords(left)}.` : 'You can try again now.'}</span>;
}
