import { Skeleton } from '../../components/Skeleton';

export function FleetSkeleton() {
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">Loading the hosts</p>
      <div className="mb-4 grid grid-cols-5 gap-1.5 sm:gap-3">
        {[0, 1, 2, 3, 4].map((i) => (
          <Skeleton key={i} className="h-[4.25rem] rounded-xl sm:h-[4.75rem]" />
        ))}
      </div>
      <Skeleton className="mb-4 h-10" />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,18.5rem),1fr))] gap-3 sm:gap-4">
        {[0, 1, 2, 3, 4, 5, 6, 7].map((i) => (
          <Skeleton key={i} className="h-52 rounded-xl" />
        ))}
      </div>
    </div>
  );
}
