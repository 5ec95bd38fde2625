import { useState, type FormEvent } from 'react';
import { ApiError } from '../api/ApiError';
import { useSignIn } from '../api/session';
import { Button } from '../components/Button';
import { rememberSignedIn } from '../lib/signedIn';
import { useTitle } from '../lib/useTitle';
import { useLive } from '../live/LiveContext';

export function SignInPage() {
  const { connection } = useLive();
  const [key, setKey] = useState('');
  const signIn = useSignIn();
  useTitle('Sign in');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(key.trim(), {
      onSuccess: () => {
        rememberSignedIn();
        connection.retryNow();
      },
    });
  };

  const refused = signIn.error instanceof ApiError && signIn.error.status === 401;
  return (
    <div className="mx-auto mt-[6vh] max-w-md rounded-2xl border border-line bg-surface p-6 shadow-(--shadow) sm:p-8">
      <h1 className="text-xl font-semibold">Sign in</h1>
      <p className="mt-2 text-ink-soft">This server shows its hosts to whoever has the operator key.</p>
      <form onSubmit={submit} className="mt-6">
        <label htmlFor="operator-key" className="font-medium">
          Operator key
        </label>
        <input
          id="operator-key"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={key}
          onChange={(event) => setKey(event.target.value)}
          aria-invalid={signIn.isError}
          aria-describedby="operator-key-help"
          className="mt-1.5 h-11 w-full rounded-lg border border-line-strong bg-surface px-3 font-mono"
        />
        {signIn.isError && (
          <p role="alert" className="mt-2 text-bad">
            {refused ? 'This is not the operator key.' : signIn.error.message}
          </p>
        )}
        <Button type="submit" look="primary" className="mt-4 h-11 w-full" disabled={signIn.isPending || key.trim() === ''}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      <p id="operator-key-help" className="mt-6 border-t border-line pt-4 text-[13px] text-ink-soft">
        The key is in the file <code className="rounded bg-raised px-1 py-0.5 font-mono text-ink">operator.key</code> in the data folder of the server. A
        browser on the server’s own machine needs no key.
      </p>
    </div>
  );
}
