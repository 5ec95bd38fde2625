import { useId, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** A choice to be left out is said so; what must be filled in is the usual. */
  isOptional?: boolean;
  className?: string;
  /** The input: it takes what ties it to its label, hint and error. */
  children: (tied: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A labelled input with its hint, or its error in the hint's place. */
export function Field({ label, hint, error, isOptional, className = '', children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={`min-w-0 ${className}`}>
      <div className="mb-1.5 flex h-5 items-center justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {isOptional && <span className="text-[13px] text-ink-faint">optional</span>}
      </div>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': error || hint ? note : undefined })}
      {error ? (
        <p id={note} role="alert" className="mt-1.5 text-[13px] text-bad">
          {error}
        </p>
      ) : (
        hint && (
          <p id={note} className="mt-1.5 text-[13px] text-ink-soft">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
