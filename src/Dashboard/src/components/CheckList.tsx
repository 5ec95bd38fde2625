interface CheckListProps<T extends string | number> {
  /** What is chosen from, for who does not see it. */
  label: string;
  choices: readonly { value: T; name: string }[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
}

/** Any of a few. */
export function CheckList<T extends string | number>({ label, choices, chosen, onChange }: CheckListProps<T>) {
  // What is chosen can be gone by now; it stays to be taken away.
  const gone = chosen.filter((value) => !choices.some((choice) => choice.value === value)).map((value) => ({ value, name: `${value} (gone)` }));
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-2">
      {[...choices, ...gone].map(({ value, name }) => {
        const isChosen = chosen.includes(value);
        return (
          <label key={value} className={`inline-flex h-10 max-w-full items-center gap-2 rounded-lg border px-3 ${isChosen ? 'border-accent bg-accent-soft text-accent-ink' : 'border-line-strong/60 bg-surface hover:bg-raised'}`}>
            <input type="checkbox" checked={isChosen} onChange={() => onChange(isChosen ? chosen.filter((other) => other !== value) : [...chosen, value])} className="size-4 shrink-0 accent-accent" />
            <span className="truncate">{name}</span>
          </label>
        );
      })}
    </div>
  );
}
