import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../../api/ApiError';
import { useSignInOptions } from '../../api/auth';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { InfoIcon } from '../../components/icons';
import { PasswordField } from '../../components/PasswordField';
import { TextField } from '../../components/TextField';
import { useTitle } from '../../lib/useTitle';
import type { SignedOutReason } from '../../session/Session';
import { useSession } from '../../session/SessionContext';
import { EntranceCard } from './EntranceCard';
import { reasons } from './reasons';

export function SignInPage({ why }: { why: SignedOutReason }) {
  const session = useSession();
  const { data: options } = useSignInOptions();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({ mutationFn: () => session.signIn(username.trim(), password) });
  useTitle('Sign in');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <EntranceCard title="Sign in">
      {reasons[why] && (
        <p role="status" className="mt-4 flex items-start gap-2.5 rounded-lg bg-accent-soft px-3 py-2.5 text-accent-ink">
          <InfoIcon className="mt-0.5 size-4" />
          {reasons[why]}
        </p>
      )}
      <form onSubmit={submit} className="mt-6 space-y-4">
        <FormError error={signIn.error} words={words} />
        <TextField label="User name" autoComplete="username" autoCapitalize="off" autoFocus required value={username} onChange={setUsername} />
        <PasswordField label="Password" autoComplete="current-password" value={password} onChange={setPassword} />
        <Button type="submit" look="primary" className="mt-2 h-11 w-full" disabled={signIn.isPending || username.trim() === '' || password === ''}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      <p className="mt-6 border-t border-line pt-4 text-[13px] text-ink-soft">
        {options?.selfRegistration ? (
          <>
            No account yet?{' '}
            <Link href="/register" className="font-medium text-accent-ink underline underline-offset-2">
              Register
            </Link>
          </>
        ) : (
          'An administrator makes accounts, and a new password for who has forgotten theirs.'
        )}
      </p>
    </EntranceCard>
  );
}

/** What a person can act on; the server says it in words of its own for programs. */
function words(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.is('wrong-credentials')) return 'User name or password is wrong.';
  if (error.is('account-disabled')) return 'This account is disabled. An administrator can enable it again.';
  if (error.status === 429) return 'There were too many attempts.';
  if (error.status === 503) return 'The server is busy.';
  return error.message;
}
