import type { FormEvent, ReactNode } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { FormError } from './FormError';

interface ConfirmDialogProps {
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  action: string;
  /** While it happens. */
  acting: string;
  isDanger?: boolean;
  isPending: boolean;
  error: Error | null;
  /** How the error is said, where its own words are for programs. */
  words?: (error: Error) => string;
  /** False as long as something must be filled in first. */
  isReady?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. The focus begins on the way out, or on what must be filled in. */
export function ConfirmDialog({ title, children, action, acting, isDanger = false, isPending, error, words, isReady = true, onConfirm, onClose }: ConfirmDialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isPending) onConfirm();
  };
  return (
    <Dialog title={title} role="alertdialog" onClose={onClose}>
      <form onSubmit={submit}>
        <div className="space-y-3 text-ink-soft">{children}</div>
        {error && (
          <div className="mt-4">
            <FormError error={error} {...(words && { words })} />
          </div>
        )}
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button type="submit" look={isDanger ? 'danger' : 'primary'} disabled={isPending || !isReady}>
            {isPending ? acting : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
