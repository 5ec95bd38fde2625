import { Button } from './Button';
import { WarningIcon } from './icons';

/** A section that could not be loaded; the page around it goes on. */
export function LoadError({ what, error, onRetry }: { what: string; error: Error; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3">
      <WarningIcon className="size-5 text-warn" />
      <p className="min-w-0 flex-1 basis-52 break-words">
        {what} could not be loaded. <span className="text-ink-soft">{error.message}</span>
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
