import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { Live } from './live/Live';
import { LiveConnection } from './live/LiveConnection';
import { LiveContext } from './live/LiveContext';
import { NotFoundError } from './live/NotFoundError';
import './styles.css';

const cache = new QueryClient({
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
const connection = new LiveConnection('/hubs/live');
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
