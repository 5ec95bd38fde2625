import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useAddHost } from '../../api/hosts';
import type { NewHost } from '../../api/types';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { GroupField } from '../../components/GroupField';
import { TagsField } from '../../components/TagsField';
import { TextField } from '../../components/TextField';

interface AddHostFormProps {
  groups: string[];
  tags: string[];
  onAdded: (host: NewHost) => void;
  onCancel: () => void;
}

export function AddHostForm({ groups, tags: knownTags, onAdded, onCancel }: AddHostFormProps) {
  const [name, setName] = useState('');
  const [group, setGroup] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const addHost = useAddHost();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    addHost.mutate({ name: name.trim(), ...(group.trim() && { group: group.trim() }), ...(tags.length > 0 && { tags }) }, { onSuccess: onAdded });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        label="Name"
        required
        maxLength={100}
        placeholder="web-1"
        value={name}
        onChange={setName}
        error={fieldError(addHost.error, 'name')}
        hint="How the machine is called on these pages. Its own host name is a good choice."
      />
      <GroupField value={group} onChange={setGroup} known={groups} error={fieldError(addHost.error, 'group')} />
      <TagsField tags={tags} onChange={setTags} known={knownTags} error={fieldError(addHost.error, 'tags')} />
      <FormError error={formError(addHost.error, 'name', 'group', 'tags')} />
      <div className="flex justify-end gap-2 pt-2">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={addHost.isPending || name.trim() === ''}>
          {addHost.isPending ? 'Adding…' : 'Add host'}
        </Button>
      </div>
    </form>
  );
}
