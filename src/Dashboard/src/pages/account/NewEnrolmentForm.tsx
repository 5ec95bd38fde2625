import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useAddEnrolmentToken } from '../../api/account';
import { useKnownLabels } from '../../api/hosts';
import type { NewEnrolmentToken } from '../../api/types';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { GroupField } from '../../components/GroupField';
import { SelectField } from '../../components/SelectField';
import { TagsField } from '../../components/TagsField';
import { TextField } from '../../components/TextField';

const maxUses = 1000;

const validities = [
  { value: '1', name: '1 hour' },
  { value: '24', name: '1 day' },
  { value: '168', name: '7 days' },
  { value: '720', name: '30 days' },
  { value: '8760', name: '1 year' },
];

export function NewEnrolmentForm({ onMade, onCancel }: { onMade: (token: NewEnrolmentToken) => void; onCancel: () => void }) {
  const [label, setLabel] = useState('');
  const [group, setGroup] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const [uses, setUses] = useState('1');
  const [validHours, setValidHours] = useState('24');
  const known = useKnownLabels();
  const add = useAddEnrolmentToken();
  const count = Number(uses);
  const isCount = Number.isInteger(count) && count >= 1 && count <= maxUses;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isCount) return;
    add.mutate(
      {
        uses: count,
        validHours: Number(validHours),
        ...(label.trim() && { label: label.trim() }),
        ...(group.trim() && { group: group.trim() }),
        ...(tags.length > 0 && { tags }),
      },
      { onSuccess: onMade },
    );
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField label="Label" isOptional maxLength={100} value={label} onChange={setLabel} error={fieldError(add.error, 'label')} placeholder="Rack 4" hint="To know it again in the list." />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Uses"
          type="number"
          inputMode="numeric"
          min={1}
          max={maxUses}
          required
          value={uses}
          onChange={setUses}
          error={isCount ? fieldError(add.error, 'uses') : `Must be 1 to ${maxUses.toLocaleString('en')}.`}
          hint="So many machines can enrol with it."
        />
        <SelectField label="Good for" choices={validities} value={validHours} onChange={setValidHours} error={fieldError(add.error, 'validHours')} />
      </div>
      <GroupField value={group} onChange={setGroup} known={known.groups} error={fieldError(add.error, 'group')} />
      <TagsField tags={tags} onChange={setTags} known={known.tags} error={fieldError(add.error, 'tags')} />
      <FormError error={formError(add.error, 'label', 'group', 'tags', 'uses', 'validHours')} />
      <div className="flex justify-end gap-2 pt-2">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={add.isPending || !isCount}>
          {add.isPending ? 'Making it…' : 'Make token'}
        </Button>
      </div>
    </form>
  );
}
