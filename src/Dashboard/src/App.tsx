import { lazy, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { AppHeader } from './components/AppHeader';
import { ErrorBoundary } from './components/ErrorBoundary';
import { useLiveState } from './live/useLiveState';
import { FleetPage } from './pages/fleet/FleetPage';
import { HostPageSkeleton } from './pages/host/HostPageSkeleton';
import { NotFoundPage } from './pages/NotFoundPage';
import { SignInPage } from './pages/SignInPage';

// The charts are most of the code and no part of the first page.
const HostPage = lazy(() => import('./pages/host/HostPage').then((module) => ({ default: module.HostPage })));

export function App() {
  const { phase } = useLiveState();
  const [path] = useLocation();
  return (
    <>
      <a href="#content" className="sr-only z-30 rounded-lg bg-accent text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:px-4 focus:py-2">
        Skip to the content
      </a>
      <AppHeader />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[1440px] px-4 pt-5 pb-12 outline-none sm:px-6 sm:pt-6">
        {/* Another page is another chance. */}
        <ErrorBoundary key={path}>
          {phase === 'signIn' ? (
            <SignInPage />
          ) : (
            <Switch>
              <Route path="/" component={FleetPage} />
              <Route path="/hosts/:id">
                {({ id }) => (
                  <Suspense fallback={<HostPageSkeleton />}>
                    <HostPage key={id} id={id} />
                  </Suspense>
                )}
              </Route>
              <Route>
                <NotFoundPage />
              </Route>
            </Switch>
          )}
        </ErrorBoundary>
      </main>
    </>
  );
}
