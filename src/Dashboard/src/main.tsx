import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/ApiError';
import { App } from './App';
import { Live } from './live/Live';
import { LiveConnection } from './live/LiveConnection';
import { LiveContext } from './live/LiveContext';
import { NotFoundError } from './live/NotFoundError';
import { ServerClock } from './live/ServerClock';
import { browserWorld } from './session/browserWorld';
import { Session, SignedOutError } from './session/Session';
import { SessionContext } from './session/SessionContext';
import './styles.css';

const clock = new ServerClock();
const session = new Session(browserWorld((serverTime) => clock.syncRoughly(serverTime)));
const connection = new LiveConnection('/hubs/live', session);

// What was allowed when the page was drawn may have been taken away since: then the navigation is wrong as well.
const onError = (error: Error) => {
  if (error instanceof ApiError && error.status === 403) void session.check();
};
/** Asking again only helps where the server could not answer. */
const isFinal = (error: Error) => error instanceof NotFoundError || error instanceof SignedOutError || (error instanceof ApiError && error.status < 500);

const cache = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // The hub pushes what changes, and the connection itself knows best when to ask again.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      // A server on this machine answers without any network.
      networkMode: 'always',
      retry: (failures, error) => !isFinal(error) && failures < 2,
    },
    mutations: { networkMode: 'always' },
  },
});
const live = new Live(connection, cache, clock);

let shownTo: number | null = null;
session.subscribe(() => {
  const account = session.state.phase === 'signedIn' ? session.state.account.id : null;
  if (shownTo !== null && account !== shownTo) live.reset();
  shownTo = account;
});
void connection.run();
void session.start();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <SessionContext value={session}>
        <LiveContext value={live}>
          <App />
        </LiveContext>
      </SessionContext>
    </QueryClientProvider>
  </StrictMode>,
);
