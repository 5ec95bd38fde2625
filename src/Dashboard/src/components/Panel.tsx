import type { ReactNode } from 'react';
import { ErrorBoundary } from './ErrorBoundary';

/** A titled section of a page. What breaks inside stays inside. */
export function Panel({ title, aside, children, className = '' }: { title: string; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`flex min-w-0 flex-col rounded-xl border border-line bg-surface p-4 shadow-(--shadow) sm:p-5 ${className}`} aria-label={title}>
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="min-w-0 text-[15px] font-semibold wrap-anywhere">{title}</h2>
        {aside}
      </div>
      <ErrorBoundary>{children}</ErrorBoundary>
    </section>
  );
}
