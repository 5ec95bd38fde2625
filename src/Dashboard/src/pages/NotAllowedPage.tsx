import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState';
import { useTitle } from '../lib/useTitle';

/** A page of administrators, asked for by somebody else. */
export function NotAllowedPage() {
  useTitle('Not allowed');
  return (
    <EmptyState
      title="This page is for administrators"
      action={
        <Link href="/" className="inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
          Show my hosts
        </Link>
      }
    >
      Your account may not see it. An administrator can change that.
    </EmptyState>
  );
}
