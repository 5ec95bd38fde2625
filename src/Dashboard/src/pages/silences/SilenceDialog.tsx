import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useKnownLabels } from '../../api/hosts';
import { useRules } from '../../api/rules';
import { useSaveSilence } from '../../api/silences';
import { Button } from '../../components/Button';
import { CheckList } from '../../components/CheckList';
import { Dialog } from '../../components/Dialog';
import { FormError } from '../../components/FormError';
import { HostsField } from '../../components/HostsField';
import { Segmented } from '../../components/Segmented';
import { TagsField } from '../../components/TagsField';
import { TextField } from '../../components/TextField';
import { silenceBody, type SilenceDraft } from './silenceForm';
import { SilenceTimes } from './SilenceTimes';

interface SilenceDialogProps {
  title: string;
  /** The silence that is changed, or null for a new one. */
  id: number | null;
  draft: () => SilenceDraft;
  onClose: () => void;
}

/** The server's limits. */
const maxHosts = 100;
const maxComment = 200;

export function SilenceDialog({ title, id, draft: begin, onClose }: SilenceDialogProps) {
  const [draft, setDraft] = useState(begin);
  const [isChecked, setChecked] = useState(false);
  const { data: rules } = useRules();
  const known = useKnownLabels();
  const save = useSaveSilence(id);
  const read = silenceBody(draft);
  const faults = isChecked && 'faults' in read ? read.faults : {};
  const change = (next: Partial<SilenceDraft>) => {
    save.reset();
    setDraft({ ...draft, ...next });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if ('body' in read) save.mutate(read.body, { onSuccess: onClose });
  };
  const isAll = draft.hosts.length + draft.groups.length + draft.tags.length + draft.rules.length === 0;
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className="space-y-5">
        <p className="-mt-2 text-ink-soft">Nobody is told as long as it holds. Alerts go on and are seen here; what still matters at its end is told then.</p>
        <TextField label="Reason" isOptional maxLength={maxComment} value={draft.comment} onChange={(comment) => change({ comment })} error={fieldError(save.error, 'comment')} placeholder="Database upgrade" />
        <fieldset className="space-y-4 rounded-xl border border-line p-4">
          <legend className="mb-0! px-1 font-semibold">When</legend>
          <Segmented
            label="Once or again and again"
            value={draft.isRecurring ? 'again' : 'once'}
            onChange={(value) => change({ isRecurring: value === 'again', ...(value === 'again' ? { to: '' } : {}) })}
            choices={[
              { value: 'once', label: 'Once' },
              { value: 'again', label: 'Again and again' },
            ]}
          />
          <SilenceTimes draft={draft} faults={faults} error={save.error} onChange={change} />
        </fieldset>
        <fieldset className="space-y-4 rounded-xl border border-line p-4">
          <legend className="mb-0! px-1 font-semibold">What is silenced</legend>
          <p className="text-[13px] text-ink-soft">{isAll ? 'Everything, as long as nothing is chosen.' : 'Alerts that fit all of these.'}</p>
          <HostsField label="Hosts" hosts={draft.hosts} most={maxHosts} onChange={(hosts) => change({ hosts })} error={fieldError(save.error, 'hosts')} />
          {rules && rules.length > 0 && (
            <div>
              <p className="mb-1.5 font-medium">Rules</p>
              <CheckList label="Rules" choices={rules.map((rule) => ({ value: rule.id, name: rule.name }))} chosen={draft.rules} onChange={(next) => change({ rules: next })} />
            </div>
          )}
          <TagsField label="Groups" hint="Enter or a comma ends a group." tags={draft.groups} onChange={(groups) => change({ groups })} known={known.groups} error={fieldError(save.error, 'groups')} />
          <TagsField tags={draft.tags} onChange={(tags) => change({ tags })} known={known.tags} error={fieldError(save.error, 'tags')} />
        </fieldset>
        <FormError error={formError(save.error, 'comment', 'hosts', 'groups', 'tags', 'from', 'to', 'recurrence.start', 'recurrence.minutes', 'recurrence.timeZone', 'recurrence.days')} />
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {save.isPending ? 'Saving…' : id === null ? 'Silence' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
