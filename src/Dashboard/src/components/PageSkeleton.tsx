import { Skeleton } from './Skeleton';

export function PageSkeleton() {
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">Loading the page</p>
      <Skeleton className="mb-6 h-9 w-48" />
      <Skeleton className="mb-4 h-40 rounded-xl" />
      <Skeleton className="h-64 rounded-xl" />
    </div>
  );
}
