import { useState, type FormEvent } from 'react';
import { formatInput, readWindow, type TimeWindow } from '../lib/timeRange';
import { useLive } from '../live/LiveContext';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { TextField } from './TextField';

interface CustomRangeDialogProps {
  /** What the fields begin with. */
  window: TimeWindow;
  onChoose: (window: TimeWindow) => void;
  onClose: () => void;
}

export function CustomRangeDialog({ window, onChoose, onClose }: CustomRangeDialogProps) {
  const { clock } = useLive();
  const [from, setFrom] = useState(() => formatInput(window.from));
  const [to, setTo] = useState(() => formatInput(window.to));
  const [errors, setErrors] = useState<{ from?: string; to?: string }>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readWindow(from, to, clock.now());
    if ('window' in read) onChoose(read.window);
    else setErrors(read.errors);
  };
  return (
    <Dialog title="Time range" onClose={onClose}>
      {/* Our own words say what is wrong, in one way for all browsers. */}
      <form onSubmit={submit} noValidate>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="From" type="datetime-local" step={1} value={from} onChange={setFrom} error={errors.from ?? null} />
          <TextField label="To" type="datetime-local" step={1} value={to} onChange={setTo} error={errors.to ?? null} />
        </div>
        <p className="mt-3 text-[13px] text-ink-soft">In the time of this browser.</p>
        <div className="mt-6 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary">
            Show
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
