import { useState, type FormEvent } from 'react';
import { useKnownLabels } from '../../api/hosts';
import type { Channel, Route, Rule } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { CheckList } from '../../components/CheckList';
import { Dialog } from '../../components/Dialog';
import { DurationField } from '../../components/DurationField';
import { FormError } from '../../components/FormError';
import { PlusIcon } from '../../components/icons';
import { TagsField } from '../../components/TagsField';
import { severities, severityNames } from '../../lib/alertWords';
import { maxEscalations, routeDraft, routeOf, type EscalationDraft, type RouteDraft } from './routingForm';

interface RouteDialogProps {
  title: string;
  begin: Route;
  channels: readonly Channel[];
  rules: readonly Rule[];
  isPending: boolean;
  error: Error | null;
  onSave: (route: Route) => void;
  onClose: () => void;
}

export function RouteDialog({ title, begin, channels, rules, isPending, error, onSave, onClose }: RouteDialogProps) {
  const [draft, setDraft] = useState(() => routeDraft(begin));
  const [isChecked, setChecked] = useState(false);
  const known = useKnownLabels();
  const read = routeOf(draft);
  const faults = isChecked && 'faults' in read ? read.faults : [];
  const change = (next: Partial<RouteDraft>) => setDraft({ ...draft, ...next });
  const changeEscalation = (at: number, next: Partial<EscalationDraft>) => change({ escalations: draft.escalations.map((each, i) => (i === at ? { ...each, ...next } : each)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if ('route' in read) onSave(read.route);
  };
  const channelChoices = channels.filter(({ classic }) => !classic).map(({ id, name }) => ({ value: id, name }));
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className="space-y-5">
        <fieldset className="space-y-4 rounded-xl border border-line p-4">
          <legend className="mb-0! px-1 font-semibold">Which alerts</legend>
          <p className="text-[13px] text-ink-soft">Of what is left empty, all.</p>
          <div>
            <p className="mb-1.5 font-medium">Severities</p>
            <CheckList label="Severities" choices={severities.map((value) => ({ value, name: severityNames[value] }))} chosen={draft.severities} onChange={(next) => change({ severities: next })} />
          </div>
          {rules.length > 0 && (
            <div>
              <p className="mb-1.5 font-medium">Rules</p>
              <CheckList label="Rules" choices={rules.map(({ id, name }) => ({ value: id, name }))} chosen={draft.rules} onChange={(next) => change({ rules: next })} />
            </div>
          )}
          <TagsField label="Groups" hint="Of the hosts. Enter or a comma ends a group." tags={draft.groups} onChange={(groups) => change({ groups })} known={known.groups} />
          <TagsField hint="Of the hosts. Enter or a comma ends a tag." tags={draft.tags} onChange={(tags) => change({ tags })} known={known.tags} />
        </fieldset>
        <fieldset className="space-y-4 rounded-xl border border-line p-4">
          <legend className="mb-0! px-1 font-semibold">Who is told</legend>
          <div>
            <p className="mb-1.5 font-medium">Channels</p>
            <CheckList label="Channels" choices={channelChoices} chosen={draft.channels} onChange={(next) => change({ channels: next })} />
            <p className="mt-1.5 text-[13px] text-ink-soft">{draft.channels.length === 0 ? 'Nobody, as long as none is chosen.' : ''}</p>
          </div>
          {draft.escalations.map((escalation, i) => (
            <div key={i} role="group" aria-label={`Escalation ${i + 1}`} className="space-y-3 border-t border-line pt-4">
              <DurationField label="If nobody acknowledges it within" value={escalation.after} onChange={(after) => changeEscalation(i, { after })} error={faults[i] ?? null} />
              <CheckList label={`Channels of escalation ${i + 1}`} choices={channelChoices} chosen={escalation.channels} onChange={(next) => changeEscalation(i, { channels: next })} />
              <Button look="quiet" className="h-8! px-2! text-[13px]" onClick={() => change({ escalations: draft.escalations.filter((_, other) => other !== i) })}>
                Remove escalation
              </Button>
            </div>
          ))}
          {draft.escalations.length < maxEscalations && (
            <Button onClick={() => change({ escalations: [...draft.escalations, { after: { count: '15', unit: 'min' }, channels: [] }] })}>
              <PlusIcon />
              Add escalation
            </Button>
          )}
        </fieldset>
        <label className="flex items-start gap-2.5">
          <input type="checkbox" checked={draft.last} onChange={(event) => change({ last: event.target.checked })} className="mt-0.5 size-4 shrink-0 accent-accent" />
          <span>
            Stop here
            <span className="block text-[13px] text-ink-soft">What this route matches is not looked at by the routes after it.</span>
          </span>
        </label>
        <FormError error={error} />
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
