import { selectLook } from '../../components/fieldLooks';

interface FilterSelectProps {
  name: string;
  /** What it says when it filters nothing. */
  all: string;
  choices: string[];
  value: string;
  onChange: (value: string) => void;
}

/** Narrows the fleet to one value; not there as long as there is nothing to choose from. */
export function FilterSelect({ name, all, choices, value, onChange }: FilterSelectProps) {
  if (choices.length === 0 && !value) return null;
  // What the address asks for can be shown also when no host has it any more.
  const offered = value && !choices.includes(value) ? [value, ...choices] : choices;
  return (
    <select
      aria-label={name}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`max-w-44 min-w-0 max-sm:max-w-none max-sm:flex-1 ${selectLook} ${value ? 'border-accent! bg-accent-soft! text-accent-ink' : ''}`}
    >
      <option value="">{all}</option>
      {offered.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}
