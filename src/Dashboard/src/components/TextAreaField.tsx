import type { ComponentProps, ReactNode } from 'react';
import { Field } from './Field';
import { inputLook } from './fieldLooks';

interface TextAreaFieldProps extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  isOptional?: boolean;
  value: string;
  onChange: (value: string) => void;
}

export function TextAreaField({ label, hint, error, isOptional, value, onChange, className = '', ...area }: TextAreaFieldProps) {
  return (
    <Field label={label} hint={hint} {...(error !== undefined && { error })} {...(isOptional !== undefined && { isOptional })}>
      {(tied) => <textarea rows={4} {...area} {...tied} value={value} onChange={(event) => onChange(event.target.value)} className={`block min-h-11 py-2.5 ${inputLook} ${className}`} />}
    </Field>
  );
}
