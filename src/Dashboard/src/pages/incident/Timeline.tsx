import { useState, type FormEvent } from 'react';
import type { IncidentEvent, IncidentStory } from '../../api/alertTypes';
import { fieldError, formError } from '../../api/ApiError';
import { useComment } from '../../api/incidents';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { Panel } from '../../components/Panel';
import { TextAreaField } from '../../components/TextAreaField';
import { incidentValue } from '../../lib/alertWords';
import { formatMoment } from '../../lib/format';
import { describeEvent, valueBeside, type EventTone } from '../../lib/incidentWords';
import { maxComment } from '../alerts/CommentDialog';

const dots: Record<EventTone, string> = { bad: 'bg-fill-bad', good: 'bg-good', warn: 'bg-fill-warn', person: 'bg-accent', quiet: 'bg-line-strong' };

/** What happened, in order, and who did it. */
export function Timeline({ story }: { story: IncidentStory }) {
  return (
    <Panel title="Timeline">
      <ol className="relative space-y-4 before:absolute before:top-2 before:bottom-2 before:left-[5px] before:w-px before:bg-line">
        {story.events.map((event, i) => (
          <TimelineEvent key={i} event={event} story={story} />
        ))}
      </ol>
      {story.mayChange && <CommentForm id={story.id} />}
    </Panel>
  );
}

function TimelineEvent({ event, story }: { event: IncidentEvent; story: IncidentStory }) {
  const { words, tone } = describeEvent(event);
  const value = valueBeside(event);
  const isComment = event.kind === 'comment';
  return (
    <li className="relative pl-6" data-testid="event" data-kind={event.kind}>
      <span className={`absolute top-[5px] left-0 size-[11px] rounded-full ring-4 ring-surface ${dots[tone]}`} aria-hidden="true" />
      <p className="break-words">
        {event.actor !== null && <span className="font-semibold">{event.actor} </span>}
        {words}
        {value !== null && <span className="text-ink-soft"> at {incidentValue(story, value)}</span>}
        {event.text && !isComment && <span className="text-ink-soft">: {event.text}</span>}
      </p>
      {event.text && isComment && <p className="mt-1 rounded-lg bg-raised px-3 py-2 break-words whitespace-pre-line">{event.text}</p>}
      <time dateTime={event.at} className="mt-0.5 block text-[13px] text-ink-faint">
        {formatMoment(event.at)}
      </time>
    </li>
  );
}

function CommentForm({ id }: { id: string }) {
  const [text, setText] = useState('');
  const comment = useComment();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) comment.mutate({ id, text: text.trim() }, { onSuccess: () => setText('') });
  };
  return (
    <form onSubmit={submit} className="mt-5 border-t border-line pt-4">
      <TextAreaField label="Comment" rows={2} maxLength={maxComment} value={text} onChange={setText} error={fieldError(comment.error, 'text')} placeholder="What you found, what you did" />
      <div className="mt-3 empty:hidden">
        <FormError error={formError(comment.error, 'text')} />
      </div>
      <div className="mt-3 flex justify-end">
        <Button type="submit" disabled={comment.isPending || text.trim() === ''}>
          {comment.isPending ? 'Sending…' : 'Comment'}
        </Button>
      </div>
    </form>
  );
}
