import { Link } from 'wouter';
import { ConnectionBanner } from './ConnectionBanner';
import { LiveDot } from './LiveDot';
import { Logo } from './Logo';
import { SignOutButton } from './SignOutButton';
import { ThemeToggle } from './ThemeToggle';

export function AppHeader() {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-surface">
      <div className="mx-auto flex h-14 max-w-[1440px] items-center gap-3 px-4 sm:px-6">
        <Link href="/" className="-ml-1 flex h-10 items-center gap-2.5 rounded-lg px-1 text-[15px] font-semibold tracking-tight">
          <Logo />
          StatusMonitor
        </Link>
        <div className="ml-auto flex items-center gap-1">
          <LiveDot />
          <ThemeToggle />
          <SignOutButton />
        </div>
      </div>
      <ConnectionBanner />
    </header>
  );
}
