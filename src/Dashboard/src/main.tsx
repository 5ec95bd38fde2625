import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/ApiError';
import { App } from './App';
import { Live } from './live/Live';
import { LiveConnection } from './live/LiveConnection';
import { LiveContext } from './live/LiveContext';
import { NotFoundError } from './live/NotFoundError';
import './styles.css';

const connection = new LiveConnection('/hubs/live');
const cache = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error) => {
      // The session can end while the page is open.
      if (error instanceof ApiError && error.status === 401) void connection.requireSignIn();
    },
  }),
  defaultOptions: {
    queries: {
      // The hub pushes what changes, and the connection itself knows best when to ask again.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      // A server on this machine answers without any network.
      networkMode: 'always',
      retry: (failures, error) => !(error instanceof NotFoundError) && failures < 2,
    },
    mutations: { networkMode: 'always' },
  },
});
const live = new Live(connection, cache);
void connection.run();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <LiveContext value={live}>
        <App />
      </LiveContext>
    </QueryClientProvider>
  </StrictMode>,
);
