import { useState, type FormEvent } from 'react';
import { ApiError, fieldError, formError } from '../../api/ApiError';
import { useChangePassword } from '../../api/account';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { CheckIcon } from '../../components/icons';
import { Panel } from '../../components/Panel';
import { PasswordField } from '../../components/PasswordField';
import { passwordFault, passwordRules } from '../../lib/passwordRules';
import { useAccount } from '../../session/SessionContext';

export function PasswordSection() {
  const { username } = useAccount();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [isChecked, setChecked] = useState(false);
  const change = useChangePassword();
  const fault = passwordFault(newPassword, username);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (fault || currentPassword === '') return;
    change.mutate(
      { currentPassword, newPassword },
      {
        onSuccess: () => {
          setCurrent('');
          setNew('');
          setChecked(false);
        },
      },
    );
  };
  return (
    <Panel title="Password">
      <form onSubmit={submit} noValidate className="space-y-4">
        {/* For password managers: whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={currentPassword}
          onChange={setCurrent}
          error={isChecked && currentPassword === '' ? 'Must be filled in.' : fieldError(change.error, 'currentPassword')}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          value={newPassword}
          onChange={setNew}
          hint={passwordRules}
          error={(isChecked ? fault : null) ?? fieldError(change.error, 'newPassword')}
        />
        <FormError error={formError(change.error, 'currentPassword', 'newPassword')} words={words} />
        {change.isSuccess && !isChecked && (
          <p role="status" className="flex items-start gap-2 text-good">
            <CheckIcon className="mt-0.5 size-4" />
            The password is changed. All other devices have to sign in again.
          </p>
        )}
        <Button type="submit" look="primary" className="w-full" disabled={change.isPending || (currentPassword === '' && newPassword === '')}>
          {change.isPending ? 'Changing…' : 'Change password'}
        </Button>
      </form>
    </Panel>
  );
}

const words = (error: Error) => (error instanceof ApiError && error.status === 429 ? 'There were too many attempts.' : error.message);
