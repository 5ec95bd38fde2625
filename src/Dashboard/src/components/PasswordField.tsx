import { useState, type ReactNode } from 'react';
import { Field } from './Field';
import { inputLook } from './fieldLooks';
import { EyeIcon, EyeOffIcon } from './icons';

interface PasswordFieldProps {
  label: string;
  /** What a password manager may do: fill in the one it knows, or make one. */
  autoComplete: 'current-password' | 'new-password';
  hint?: ReactNode;
  error?: string | null;
  isOptional?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function PasswordField({ label, autoComplete, hint, error, isOptional, value, onChange }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOffIcon : EyeIcon;
  // Not "password" again: the field alone has that name.
  const name = isShown ? 'Hide the characters' : 'Show the characters';
  return (
    <Field label={label} hint={hint} {...(error !== undefined && { error })} {...(isOptional !== undefined && { isOptional })}>
      {(tied) => (
        <div className="relative">
          <input
            {...tied}
            type={isShown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="off"
            spellCheck={false}
            required={!isOptional}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={`h-11 pr-12! ${inputLook}`}
          />
          <button
            type="button"
            aria-label={name}
            title={name}
            onClick={() => setShown(!isShown)}
            className="absolute top-0.5 right-0.5 grid size-10 place-items-center rounded-md text-ink-soft hover:text-ink"
          >
            <Icon className="size-[18px]" />
          </button>
        </div>
      )}
    </Field>
  );
}
