import type { ReactNode } from 'react';

interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  /** The spoken name, where the label is only an icon. */
  name?: string;
}

/** A few choices of which one holds. */
export function Segmented<T extends string>({ label, choices, value, onChange }: { label: string; choices: Choice<T>[]; value: T; onChange: (value: T) => void }) {
  return (
    <div role="group" aria-label={label} className="inline-flex rounded-lg bg-track p-0.5 text-[13px]">
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          aria-label={choice.name}
          title={choice.name}
          onClick={() => onChange(choice.value)}
          className="relative inline-flex h-8 min-w-10 items-center justify-center rounded-md px-2.5 whitespace-nowrap text-ink-soft transition-colors after:absolute after:-inset-y-1 after:inset-x-0 hover:text-ink aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-sm"
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
