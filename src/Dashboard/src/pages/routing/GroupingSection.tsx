import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useSaveRouting } from '../../api/channels';
import type { Routing } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { DurationField } from '../../components/DurationField';
import { FormError } from '../../components/FormError';
import { CheckIcon } from '../../components/icons';
import { Panel } from '../../components/Panel';
import { SelectField } from '../../components/SelectField';
import { joinDuration, splitDuration, type DurationDraft } from '../../lib/duration';
import { groupings } from './routingForm';

/** How many alerts at once become one message. */
export function GroupingSection({ routing }: { routing: Routing }) {
  // Only what was touched: the rest follows what is stored, whoever changes it.
  const [draft, setDraft] = useState<{ groupBy?: Routing['groupBy']; window?: DurationDraft }>({});
  const groupBy = draft.groupBy ?? routing.groupBy;
  const window = draft.window ?? splitDuration(routing.groupSeconds, 's');
  const save = useSaveRouting();
  const seconds = joinDuration(window);
  const isTouched = groupBy !== routing.groupBy || seconds !== routing.groupSeconds;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (seconds !== null) save.mutate({ ...routing, groupBy, groupSeconds: seconds }, { onSuccess: () => setDraft({}) });
  };
  return (
    <Panel title="Putting together">
      <form onSubmit={submit} noValidate>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label="Alerts at about the same time" choices={groupings} value={groupBy} onChange={(next) => setDraft({ ...draft, groupBy: next })} hint={groupings.find(({ value }) => value === groupBy)?.hint} error={fieldError(save.error, 'groupBy')} />
          {groupBy !== 'none' && <DurationField label="Wait for more" value={window} onChange={(next) => setDraft({ ...draft, window: next })} hint="Up to 5 minutes. Hosts that are lost within this time become one message, which is on its way by then; of any other rule the first alert is told at once." error={seconds === null ? 'Enter a number.' : fieldError(save.error, 'groupSeconds')} />}
        </div>
        <div className="mt-4 empty:hidden">
          <FormError error={formError(save.error, 'groupBy', 'groupSeconds')} />
        </div>
        <div className="mt-4 flex items-center justify-end gap-3">
          {save.isSuccess && !isTouched && (
            <p role="status" className="inline-flex items-center gap-1.5 text-good">
              <CheckIcon />
              Saved
            </p>
          )}
          <Button type="submit" look="primary" disabled={!isTouched || save.isPending || seconds === null}>
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
