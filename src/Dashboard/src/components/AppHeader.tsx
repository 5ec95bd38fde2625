import { Link } from 'wouter';
import { useSessionState } from '../session/SessionContext';
import { AccountMenu } from './AccountMenu';
import { ConnectionBanner } from './ConnectionBanner';
import { LiveDot } from './LiveDot';
import { Logo } from './Logo';
import { MainNavigation } from './MainNavigation';
import { ThemeToggle } from './ThemeToggle';

export function AppHeader() {
  const isSignedIn = useSessionState().phase === 'signedIn';
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-surface">
      <div className="mx-auto flex h-14 max-w-[1440px] items-center gap-1 px-4 sm:gap-2 sm:px-6">
        <Link href="/" className="-ml-1 flex h-10 items-center gap-2.5 rounded-lg px-1 text-[15px] font-semibold tracking-tight">
          <Logo />
          <span className={isSignedIn ? 'max-sm:sr-only' : ''}>StatusMonitor</span>
        </Link>
        {isSignedIn && <MainNavigation />}
        <div className="ml-auto flex items-center gap-1">
          {isSignedIn && <LiveDot />}
          <ThemeToggle />
          {isSignedIn && <AccountMenu />}
        </div>
      </div>
      {isSignedIn && <ConnectionBanner />}
    </header>
  );
}
