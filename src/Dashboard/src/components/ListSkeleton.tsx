import { Skeleton } from './Skeleton';

export function ListSkeleton({ rows = 2 }: { rows?: number }) {
  return (
    <div aria-busy="true" className="space-y-2">
      <p className="sr-only" role="status">
        Loading
      </p>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} className="h-12" />
      ))}
    </div>
  );
}
