import { selectLook } from './fieldLooks';

interface FilterSelectProps {
  name: string;
  /** What it says when it filters nothing. */
  all: string;
  choices: readonly (string | { value: string; name: string })[];
  value: string;
  onChange: (value: string) => void;
}

/** Narrows a list to one value; not there as long as there is nothing to choose from. */
export function FilterSelect({ name, all, choices, value, onChange }: FilterSelectProps) {
  if (choices.length === 0 && !value) return null;
  const named = choices.map((choice) => (typeof choice === 'string' ? { value: choice, name: choice } : choice));
  // What the address asks for can be shown also when nothing has it any more.
  const offered = value && !named.some((choice) => choice.value === value) ? [{ value, name: value }, ...named] : named;
  return (
    <select
      aria-label={name}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`max-w-44 min-w-0 max-sm:max-w-none max-sm:flex-1 ${selectLook} ${value ? 'border-accent! bg-accent-soft! text-accent-ink' : ''}`}
    >
      <option value="">{all}</option>
      {offered.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}
