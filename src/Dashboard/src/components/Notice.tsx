import type { ReactNode } from 'react';
import { Button } from './Button';
import { WarningIcon } from './icons';

/** Says that something went wrong, and what can be done. */
export function Notice({ title, children, action, onAction }: { title: string; children?: ReactNode; action?: string; onAction?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4">
      <WarningIcon className="size-5 text-warn" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <p className="break-words text-ink-soft">{children}</p>}
      </div>
      {action && <Button onClick={onAction}>{action}</Button>}
    </div>
  );
}
