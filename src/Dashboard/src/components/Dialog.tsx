import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { CloseIcon } from './icons';

interface DialogProps {
  title: string;
  /** An alert dialog asks something before it goes on. */
  role?: 'dialog' | 'alertdialog';
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, role = 'dialog', onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before the element goes, or closing could not give the focus back to where it was.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // By itself the browser would begin with the button that closes.
    dialog?.querySelector<HTMLElement>('input, select, [data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={ref}
      role={role}
      aria-label={title}
      onCancel={(event) => {
        // Unmounting closes it; closing it here first would drop what is inside too early.
        event.preventDefault();
        onClose();
      }}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100vw-1.5rem))] overflow-y-auto rounded-2xl border border-line bg-surface p-5 text-ink shadow-xl sm:p-6"
    >
      <div className="mb-4 flex items-start justify-between gap-4">
        <h2 className="text-lg font-semibold">{title}</h2>
        <button type="button" onClick={onClose} aria-label="Close" className="-mt-1.5 -mr-2 grid size-10 place-items-center rounded-lg text-ink-faint hover:bg-raised hover:text-ink">
          <CloseIcon />
        </button>
      </div>
      {children}
    </dialog>
  );
}
