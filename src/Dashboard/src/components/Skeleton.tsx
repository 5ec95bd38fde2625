/** A place where something is about to appear. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <div className={`animate-pulse rounded-lg bg-track ${className}`} aria-hidden="true" />;
}
