import { Link, useLocation } from 'wouter';

const links = [
  { href: '/alerts', name: 'Alerts', isAt: (path: string) => path === '/alerts' },
  { href: '/alerts/rules', name: 'Rules', isAt: (path: string) => path.startsWith('/alerts/rules') },
  { href: '/alerts/channels', name: 'Channels', isAt: (path: string) => path === '/alerts/channels' },
  { href: '/alerts/routing', name: 'Routing', isAt: (path: string) => path === '/alerts/routing' },
  { href: '/alerts/silences', name: 'Silences', isAt: (path: string) => path === '/alerts/silences' },
];

/** The pages about alerts, which the main navigation has one entry for. */
export function AlertsNavigation() {
  const [path] = useLocation();
  return (
    <nav aria-label="Alerts" className="-mx-4 -mt-4 mb-5 overflow-x-auto border-b border-line px-4 sm:-mx-6 sm:px-6">
      <ul className="flex gap-1">
        {links.map(({ href, name, isAt }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={isAt(path) ? 'page' : undefined}
              className="inline-flex h-11 items-center border-b-2 border-transparent px-2.5 text-ink-soft outline-offset-[-2px] hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
