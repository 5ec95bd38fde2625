import { Link, useLocation } from 'wouter';
import { useOpenCount } from '../api/incidents';
import { useAccount } from '../session/SessionContext';
import { administratorsPages, alertsHref, everybodysPages, type MainPage } from './mainPages';

export function MainNavigation() {
  const { role } = useAccount();
  const [path] = useLocation();
  const open = useOpenCount();
  const link = ({ href, name, isAt }: MainPage, look: string) => (
    <Link
      key={href}
      href={href}
      aria-current={isAt(path) ? 'page' : undefined}
      className={`inline-flex h-10 items-center gap-1.5 rounded-lg px-2 text-ink-soft hover:bg-raised hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3 ${look}`}
    >
      {name}
      {href === alertsHref && open > 0 && <OpenCount count={open} />}
    </Link>
  );
  return (
    <nav aria-label="Main" className="flex items-center gap-0.5 sm:ml-2 sm:gap-1">
      {everybodysPages.map((page) => link(page, ''))}
      {role === 'administrator' && administratorsPages.map((page) => link(page, 'max-sm:hidden'))}
    </nav>
  );
}

/** How many alerts wait for somebody; past a hundred the number says no more. */
function OpenCount({ count }: { count: number }) {
  return (
    <span data-testid="open-alerts" className="grid h-5 min-w-5 place-items-center rounded-full bg-danger px-1.5 text-xs font-semibold text-on-accent">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{count} open</span>
    </span>
  );
}
