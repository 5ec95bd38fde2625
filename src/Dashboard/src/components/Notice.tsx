import type { ReactNode } from 'react';
import { Button } from './Button';
import { WarningIcon } from './icons';

/** Says that something went wrong, and what can be done. */
interface NoticeProps {
  title: string;
  children?: ReactNode;
  action?: string;
  onAction?: () => void;
  /** An alert interrupts a screen reader, a note waits to be read. */
  role?: 'alert' | 'note';
}

export function Notice({ title, children, action, onAction, role = 'alert' }: NoticeProps) {
  return (
    <div role={role} className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4">
      <WarningIcon className="size-5 text-warn" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <p className="break-words text-ink-soft">{children}</p>}
      </div>
      {action && <Button onClick={onAction}>{action}</Button>}
    </div>
  );
}
