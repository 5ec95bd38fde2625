import { durationUnits, type DurationDraft } from '../lib/duration';
import { Field } from './Field';
import { inputLook } from './fieldLooks';

interface DurationFieldProps {
  label: string;
  hint?: string;
  error?: string | null;
  value: DurationDraft;
  onChange: (value: DurationDraft) => void;
  className?: string;
}

/** A duration as a number and its unit. */
export function DurationField({ label, hint, error = null, value, onChange, className = '' }: DurationFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(tied) => (
        <div className="flex gap-2">
          <input {...tied} inputMode="decimal" autoComplete="off" maxLength={10} value={value.count} onChange={(event) => onChange({ ...value, count: event.target.value })} placeholder="0" className={`h-11 min-w-0 flex-1 ${inputLook}`} />
          <select aria-label={`${label}: unit`} value={value.unit} onChange={(event) => onChange({ ...value, unit: durationUnits.find(({ unit }) => unit === event.target.value)?.unit ?? value.unit })} className={`h-11 w-28! shrink-0 ${inputLook}`}>
            {durationUnits.map(({ unit, name }) => (
              <option key={unit} value={unit}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
