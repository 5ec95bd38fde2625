import { lazy, Suspense } from 'react';
import { useLocation } from 'wouter';
import { AppHeader } from './components/AppHeader';
import { ErrorBoundary } from './components/ErrorBoundary';
import { useNoticeState } from './notify/browserNotices';
import { Pages } from './pages/Pages';
import { SignedOutPages } from './pages/sign-in/SignedOutPages';
import { StartingPage } from './pages/sign-in/StartingPage';
import { useSessionState } from './session/SessionContext';

// Only for who has switched them on.
const BrowserNotices = lazy(() => import('./notify/BrowserNotices').then((module) => ({ default: module.BrowserNotices })));

export function App() {
  const state = useSessionState();
  const [path] = useLocation();
  const notices = useNoticeState();
  const content = () => {
    switch (state.phase) {
      case 'starting':
        return <StartingPage isUnreachable={state.isUnreachable} />;
      case 'signedOut':
        return <SignedOutPages why={state.why} />;
      case 'signedIn':
        // Nothing that one account typed or opened is there for another.
        return <Pages key={state.account.id} />;
    }
  };
  return (
    <>
      <a href="#content" className="sr-only z-30 rounded-lg bg-accent text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:px-4 focus:py-2">
        Skip to the content
      </a>
      <AppHeader />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[1440px] px-4 pt-5 pb-12 outline-none sm:px-6 sm:pt-6">
        {/* Another page is another chance. */}
        <ErrorBoundary key={path}>{content()}</ErrorBoundary>
      </main>
      {state.phase === 'signedIn' && notices === 'on' && (
        <Suspense>
          <BrowserNotices key={state.account.id} />
        </Suspense>
      )}
    </>
  );
}
