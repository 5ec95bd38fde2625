import { useState, type FormEvent } from 'react';
import type { Incident } from '../../api/alertTypes';
import { fieldError, formError } from '../../api/ApiError';
import { useComment } from '../../api/incidents';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { FormError } from '../../components/FormError';
import { TextAreaField } from '../../components/TextAreaField';

/** The server's limit. */
export const maxComment = 2000;

export function CommentDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [text, setText] = useState('');
  const comment = useComment();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) comment.mutate({ id: incident.id, text: text.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Comment on ${incident.rule.name} of ${incident.host.name}`} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <TextAreaField label="Comment" maxLength={maxComment} value={text} onChange={setText} error={fieldError(comment.error, 'text')} hint="Stands in the story of this alert, for everybody who can see it." data-autofocus />
        <FormError error={formError(comment.error, 'text')} />
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" disabled={comment.isPending || text.trim() === ''}>
            {comment.isPending ? 'Sending…' : 'Comment'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
