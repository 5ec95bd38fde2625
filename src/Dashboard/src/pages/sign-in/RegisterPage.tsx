import { useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { ApiError, fieldError, formError } from '../../api/ApiError';
import { useRegister, useSignInOptions } from '../../api/auth';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { FormError } from '../../components/FormError';
import { Notice } from '../../components/Notice';
import { PageSkeleton } from '../../components/PageSkeleton';
import { PasswordField } from '../../components/PasswordField';
import { TextField } from '../../components/TextField';
import { passwordFault, passwordRules, userNameFault, userNameRules } from '../../lib/passwordRules';
import { useTitle } from '../../lib/useTitle';
import { useSession } from '../../session/SessionContext';
import { EntranceCard } from './EntranceCard';

export function RegisterPage() {
  const { data: options, error, refetch } = useSignInOptions();
  useTitle('Register');
  if (!options) {
    if (error) return <Notice title="It could not be found out whether you may register" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return <PageSkeleton />;
  }

  if (!options.selfRegistration) {
    return (
      <EmptyState title="Accounts are made by administrators" action={<SignInLink />}>
        This server does not let people register themselves. Ask an administrator for an account.
      </EmptyState>
    );
  }

  return <RegisterForm />;
}

function RegisterForm() {
  const session = useSession();
  const [, navigate] = useLocation();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [isChecked, setChecked] = useState(false);
  const register = useRegister();
  const faults = { username: userNameFault(username), password: passwordFault(password, username) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (faults.username || faults.password) return;
    register.mutate(
      { username: username.trim(), password },
      {
        onSuccess: () => {
          navigate('/', { replace: true });
          // If this fails, the sign-in page is where to go on.
          session.signIn(username.trim(), password).catch(() => undefined);
        },
      },
    );
  };

  const isTaken = register.error instanceof ApiError && register.error.is('name-taken');
  const rest = isTaken ? null : formError(register.error, 'username', 'password');
  return (
    <EntranceCard title="Register">
      <p className="mt-2 text-ink-soft">You will see the hosts you add, and those that others share with you.</p>
      <form onSubmit={submit} noValidate className="mt-6 space-y-4">
        <FormError error={rest} words={words} />
        <TextField
          label="User name"
          autoComplete="username"
          autoCapitalize="off"
          autoFocus
          value={username}
          onChange={setUsername}
          hint={userNameRules}
          error={isTaken ? 'Somebody has this name already. Choose another.' : (isChecked ? faults.username : null) ?? fieldError(register.error, 'username')}
        />
        <PasswordField
          label="Password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          hint={passwordRules}
          error={(isChecked ? faults.password : null) ?? fieldError(register.error, 'password')}
        />
        <Button type="submit" look="primary" className="mt-2 h-11 w-full" disabled={register.isPending}>
          {register.isPending ? 'Registering…' : 'Register'}
        </Button>
      </form>
      <p className="mt-6 border-t border-line pt-4 text-[13px] text-ink-soft">
        Already registered? <SignInLink />
      </p>
    </EntranceCard>
  );
}

function SignInLink() {
  return (
    <Link href="/" className="font-medium text-accent-ink underline underline-offset-2">
      Sign in
    </Link>
  );
}

function words(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.is('registration-off')) return 'This server no longer lets people register themselves.';
  if (error.status === 429) return 'There were too many attempts.';
  if (error.status === 503) return 'The server is busy.';
  return error.message;
}
