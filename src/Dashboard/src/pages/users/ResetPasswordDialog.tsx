import { useState } from 'react';
import type { User } from '../../api/types';
import { useResetPassword } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { PasswordShown } from './PasswordShown';
import { userErrorWords } from './userActions';

export function ResetPasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const reset = useResetPassword(user.id);
  const [password, setPassword] = useState<string | null>(null);
  if (password !== null) return <PasswordShown title={`New password of ${user.username}`} username={user.username} password={password} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`Reset the password of ${user.username}?`}
      action="Reset password"
      acting="Resetting…"
      isDanger
      isPending={reset.isPending}
      error={reset.error}
      words={userErrorWords}
      onConfirm={() => reset.mutate({}, { onSuccess: (answer) => (answer.password === undefined ? onClose() : setPassword(answer.password)) })}
      onClose={onClose}
    >
      <p>The old password is dead and {user.username} is signed out everywhere, at once. A new one is made up and shown to you, this once.</p>
    </ConfirmDialog>
  );
}
