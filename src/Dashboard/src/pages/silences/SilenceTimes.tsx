import { useId } from 'react';
import { fieldError } from '../../api/ApiError';
import { Button } from '../../components/Button';
import { CheckList } from '../../components/CheckList';
import { DurationField } from '../../components/DurationField';
import { TextField } from '../../components/TextField';
import { dayNames, days, endAfter, ownTimeZone, type SilenceDraft, type SilenceFaults } from './silenceForm';

interface SilenceTimesProps {
  draft: SilenceDraft;
  faults: SilenceFaults;
  /** What the server said. */
  error: Error | null;
  onChange: (next: Partial<SilenceDraft>) => void;
}

const lengths = [
  { hours: 1, name: '1 hour' },
  { hours: 4, name: '4 hours' },
  { hours: 24, name: '1 day' },
  { hours: 168, name: '1 week' },
];

const timeZones = Intl.supportedValuesOf('timeZone');
const dayChoices = days.map((value) => ({ value, name: dayNames[value].slice(0, 3) }));

/** The part of the form that says when. */
export function SilenceTimes({ draft, faults, error, onChange }: SilenceTimesProps) {
  const list = useId();
  const ends = (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField label="From" type="datetime-local" value={draft.from} onChange={(from) => onChange({ from })} error={faults.from ?? fieldError(error, 'from')} />
      <TextField label="Until" isOptional={draft.isRecurring} type="datetime-local" value={draft.to} onChange={(to) => onChange({ to })} error={faults.to ?? fieldError(error, 'to')} />
    </div>
  );
  if (!draft.isRecurring) {
    return (
      <>
        {ends}
        <div className="flex flex-wrap gap-2" role="group" aria-label="How long">
          {lengths.map(({ hours, name }) => (
            <Button key={hours} onClick={() => onChange({ to: endAfter(draft, hours, Date.now()) })}>
              {name}
            </Button>
          ))}
        </div>
        <p className="text-[13px] text-ink-soft">In the time of this browser, {ownTimeZone()}.</p>
      </>
    );
  }

  return (
    <>
      <div>
        <p className="mb-1.5 font-medium">Days it begins on</p>
        <CheckList label="Days it begins on" choices={dayChoices} chosen={draft.days} onChange={(chosen) => onChange({ days: chosen })} />
        <p className="mt-1.5 text-[13px] text-ink-soft">{draft.days.length === 0 ? 'Every day, as long as none is chosen.' : ''}</p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Begins at" type="time" value={draft.start} onChange={(start) => onChange({ start })} error={faults.start ?? fieldError(error, 'recurrence.start')} />
        <DurationField label="Lasts" value={draft.length} onChange={(length) => onChange({ length })} error={faults.length ?? fieldError(error, 'recurrence.minutes')} />
      </div>
      <TextField label="Time zone" list={list} value={draft.timeZone} onChange={(timeZone) => onChange({ timeZone })} error={faults.timeZone ?? fieldError(error, 'recurrence.timeZone')} hint="Its clock is followed through summer and winter." />
      <datalist id={list}>
        {timeZones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {ends}
    </>
  );
}
