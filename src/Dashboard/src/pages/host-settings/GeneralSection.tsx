import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useChangeHost, useKnownLabels } from '../../api/hosts';
import type { HostChange } from '../../api/types';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { GroupField } from '../../components/GroupField';
import { CheckIcon } from '../../components/icons';
import { Panel } from '../../components/Panel';
import { TagsField } from '../../components/TagsField';
import { TextField } from '../../components/TextField';
import type { HostHeader } from '../../live/Live';

export function GeneralSection({ host }: { host: HostHeader }) {
  // Only what was touched: the rest follows the host, whoever changes it.
  const [draft, setDraft] = useState<HostChange>({});
  const { groups, tags } = useKnownLabels();
  const change = useChangeHost(host.id);
  const edit = (next: HostChange) => {
    change.reset();
    setDraft({ ...draft, ...next });
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, group } = draft;
    const body = { ...draft, ...(name !== undefined && { name: name.trim() }), ...(group !== undefined && { group: group.trim() }) };
    change.mutate(body, { onSuccess: () => setDraft({}) });
  };
  const name = draft.name ?? host.name;
  const isTouched = Object.keys(draft).length > 0;
  return (
    <Panel title="General">
      <form onSubmit={submit} className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" required maxLength={100} value={name} onChange={(value) => edit({ name: value })} error={fieldError(change.error, 'name')} />
          <GroupField value={draft.group ?? host.group ?? ''} onChange={(group) => edit({ group })} known={groups} error={fieldError(change.error, 'group')} />
        </div>
        <TagsField tags={draft.tags ?? host.tags} onChange={(next) => edit({ tags: next })} known={tags} error={fieldError(change.error, 'tags')} />
        <FormError error={formError(change.error, 'name', 'group', 'tags')} />
        <div className="flex items-center justify-end gap-3">
          {change.isSuccess && !isTouched && (
            <p role="status" className="inline-flex items-center gap-1.5 text-good">
              <CheckIcon />
              Saved
            </p>
          )}
          {isTouched && (
            <Button look="quiet" onClick={() => setDraft({})}>
              Undo changes
            </Button>
          )}
          <Button type="submit" look="primary" disabled={!isTouched || change.isPending || name.trim() === ''}>
            {change.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
