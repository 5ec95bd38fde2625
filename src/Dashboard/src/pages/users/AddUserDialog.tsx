import { useState, type FormEvent } from 'react';
import { ApiError, fieldError, formError } from '../../api/ApiError';
import type { NewUser, Role } from '../../api/types';
import { useAddUser } from '../../api/users';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { FormError } from '../../components/FormError';
import { PasswordField } from '../../components/PasswordField';
import { SelectField } from '../../components/SelectField';
import { TextField } from '../../components/TextField';
import { passwordFault, passwordRules, userNameFault, userNameRules } from '../../lib/passwordRules';
import { roleNames } from '../../lib/roleNames';
import { PasswordShown } from './PasswordShown';

const roles: Role[] = ['user', 'administrator'];

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewUser | null>(null);
  if (made?.password !== undefined) return <PasswordShown title={`${made.username} can sign in`} username={made.username} password={made.password} onClose={onClose} />;
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <AddUserForm onMade={(user) => (user.password === undefined ? onClose() : setMade(user))} onCancel={onClose} />
    </Dialog>
  );
}

function AddUserForm({ onMade, onCancel }: { onMade: (user: NewUser) => void; onCancel: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('user');
  const [isChecked, setChecked] = useState(false);
  const add = useAddUser();
  const faults = { username: userNameFault(username), password: password === '' ? null : passwordFault(password, username) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (faults.username || faults.password) return;
    add.mutate({ username: username.trim(), role, ...(password !== '' && { password }) }, { onSuccess: onMade });
  };
  const isTaken = add.error instanceof ApiError && add.error.is('name-taken');
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <TextField
        label="User name"
        autoCapitalize="off"
        value={username}
        onChange={setUsername}
        hint={userNameRules}
        error={isTaken ? 'Somebody has this name already. Choose another.' : (isChecked ? faults.username : null) ?? fieldError(add.error, 'username')}
      />
      <SelectField label="Role" choices={roles.map((value) => ({ value, name: roleNames[value] }))} value={role} onChange={setRole} error={fieldError(add.error, 'role')} />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        isOptional
        value={password}
        onChange={setPassword}
        hint={password === '' ? 'Left empty, one is made up and shown to you once.' : passwordRules}
        error={(isChecked ? faults.password : null) ?? fieldError(add.error, 'password')}
      />
      <FormError error={isTaken ? null : formError(add.error, 'username', 'role', 'password')} />
      <div className="flex justify-end gap-2 pt-2">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={add.isPending}>
          {add.isPending ? 'Adding…' : 'Add user'}
        </Button>
      </div>
    </form>
  );
}
