import { Skeleton } from '../../components/Skeleton';

export function HostPageSkeleton() {
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">Loading the host</p>
      <Skeleton className="mb-3 h-9 w-64" />
      <Skeleton className="mb-5 h-12" />
      <div className="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-4 xl:grid-cols-5">
        {[0, 1, 2, 3, 4].map((i) => (
          <Skeleton key={i} className="h-28 rounded-xl" />
        ))}
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        {[0, 1, 2, 3].map((i) => (
          <Skeleton key={i} className="h-72 rounded-xl" />
        ))}
      </div>
    </div>
  );
}
