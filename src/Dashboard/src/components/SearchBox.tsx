import { SearchIcon } from './icons';

interface SearchBoxProps {
  /** What is looked through, for who does not see the picture. */
  label: string;
  placeholder: string;
  maxLength: number;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** Narrows a list while somebody types. */
export function SearchBox({ label, placeholder, maxLength, value, onChange, className = '' }: SearchBoxProps) {
  return (
    <label className={`relative block ${className}`}>
      <span className="sr-only">{label}</span>
      <SearchIcon className="pointer-events-none absolute top-3 left-3 size-4 text-ink-faint" />
      <input
        type="search"
        placeholder={placeholder}
        maxLength={maxLength}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-10 w-full rounded-lg border border-line-strong/60 bg-surface pr-3 pl-9"
      />
    </label>
  );
}
