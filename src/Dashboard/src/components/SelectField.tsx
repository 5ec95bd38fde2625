import type { ReactNode } from 'react';
import { Field } from './Field';
import { inputLook } from './fieldLooks';

interface SelectFieldProps<T extends string> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  choices: { value: T; name: string }[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
}

export function SelectField<T extends string>({ label, hint, error, choices, value, onChange, className = '' }: SelectFieldProps<T>) {
  return (
    <Field label={label} hint={hint} className={className} {...(error !== undefined && { error })}>
      {(tied) => (
        <select {...tied} value={value} onChange={(event) => onChange(choices.find((choice) => choice.value === event.target.value)?.value ?? value)} className={`h-11 ${inputLook}`}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
