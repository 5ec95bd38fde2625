import type { ComponentProps, ReactNode } from 'react';
import { Field } from './Field';
import { inputLook } from './fieldLooks';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  isOptional?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function TextField({ label, hint, error, isOptional, value, onChange, className = '', ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} className={className} {...(error !== undefined && { error })} {...(isOptional !== undefined && { isOptional })}>
      {(tied) => <input autoComplete="off" spellCheck={false} {...input} {...tied} value={value} onChange={(event) => onChange(event.target.value)} className={`h-11 ${inputLook}`} />}
    </Field>
  );
}
