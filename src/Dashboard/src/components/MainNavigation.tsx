import { Link, useLocation } from 'wouter';
import { useAccount } from '../session/SessionContext';

const alerts = '/alerts';
const everybodys = [
  { href: '/', name: 'Fleet', isAt: (path: string) => path === '/' || path === '/compare' || path.startsWith('/hosts/') },
  { href: alerts, name: 'Alerts', isAt: (path: string) => path === alerts || path.startsWith('/alerts/') },
];
const administrators = [
  { href: '/users', name: 'Users', isAt: (path: string) => path === '/users' },
  { href: '/audit', name: 'Audit', isAt: (path: string) => path === '/audit' },
];

export function MainNavigation() {
  const { role } = useAccount();
  const [path] = useLocation();
  const links = role === 'administrator' ? [...everybodys, ...administrators] : everybodys;
  return (
    <nav aria-label="Main" className="flex items-center gap-0.5 sm:ml-2 sm:gap-1">
      {links.map(({ href, name, isAt }) => (
        <Link
          key={href}
          href={href}
          aria-current={isAt(path) ? 'page' : undefined}
          className="inline-flex h-10 items-center gap-1.5 rounded-lg px-1.5 min-[400px]:px-2 text-ink-soft hover:bg-raised hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
