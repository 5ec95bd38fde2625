interface SwitchProps {
  /** What it switches, for who does not see what stands beside it. */
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, isOn, isDisabled = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      title={isOn ? 'On' : 'Off'}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
      className="group grid h-10 w-11 shrink-0 place-items-center rounded-lg disabled:opacity-50"
    >
      <span className="flex h-5 w-9 items-center rounded-full bg-line-strong p-0.5 transition-colors group-aria-checked:bg-accent" aria-hidden="true">
        <span className="size-4 rounded-full bg-white transition-transform group-aria-checked:translate-x-4" />
      </span>
    </button>
  );
}
