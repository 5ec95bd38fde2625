import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState';
import { useTitle } from '../lib/useTitle';

export function NotFoundPage({ what = 'page' }: { what?: 'page' | 'host' }) {
  useTitle('Not found');
  return (
    <EmptyState
      title={`There is no such ${what}`}
      action={
        <Link href="/" className="inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
          Show all hosts
        </Link>
      }
    >
      {what === 'host' ? 'It may have been deleted or is not shared with you, or the address was mistyped.' : 'The address was mistyped, or the link is an old one.'}
    </EmptyState>
  );
}
