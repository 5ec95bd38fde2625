import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState';
import { useTitle } from '../lib/useTitle';

/** In place of a host that went while somebody looked at it. */
export function HostGonePage({ name }: { name: string }) {
  useTitle(`${name} is gone`);
  return (
    <div role="status">
      <EmptyState
        title={`${name} is no longer here`}
        action={
          <Link href="/" className="inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
            Show all hosts
          </Link>
        }
      >
        The host was deleted, or it is no longer shared with you.
      </EmptyState>
    </div>
  );
}
