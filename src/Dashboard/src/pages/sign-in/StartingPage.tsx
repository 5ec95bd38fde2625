import { Notice } from '../../components/Notice';
import { Skeleton } from '../../components/Skeleton';

/** Until it is known whether somebody is signed in. */
export function StartingPage({ isUnreachable }: { isUnreachable: boolean }) {
  if (isUnreachable) return <Notice title="The server cannot be reached">Trying again, until it answers…</Notice>;
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">Loading</p>
      <Skeleton className="mb-6 h-9 w-48" />
      <Skeleton className="h-72 rounded-xl" />
    </div>
  );
}
