import { Link } from 'wouter';
import { EmptyState } from '../components/EmptyState';
import { useTitle } from '../lib/useTitle';

export function NotFoundPage({ what = 'page' }: { what?: 'page' | 'host' | 'alert' | 'rule' }) {
  useTitle('Not found');
  const [list, all] = what === 'alert' ? ['/alerts', 'alerts'] : what === 'rule' ? ['/alerts/rules', 'rules'] : ['/', 'hosts'];
  return (
    <EmptyState
      title={`There is no such ${what}`}
      action={
        <Link href={list} className="inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
          {`Show all ${all}`}
        </Link>
      }
    >
      {what === 'page' ? 'The address was mistyped, or the link is an old one.' : what === 'host' ? 'It may have been deleted or is not shared with you, or the address was mistyped.' : 'It may have been deleted, or belongs to somebody else, or the address was mistyped.'}
    </EmptyState>
  );
}
