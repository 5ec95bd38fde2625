import type { Incident } from '../../api/alertTypes';
import { plural } from '../../lib/format';

/** What else is to be known of an incident, in small words. */
export function IncidentNotes({ incident, className = '' }: { incident: Incident; className?: string }) {
  const notes = [
    incident.flapping && { text: 'Flapping', title: 'It changes so often that no more is told until it keeps still' },
    incident.noData && { text: 'No data', title: 'The series has no values at the moment' },
    incident.foundLate && { text: 'Found late', title: 'Only values that came late tell of it; nobody was told' },
    incident.comments > 0 && { text: plural(incident.comments, 'comment', 'comments'), title: undefined },
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return (
    <ul className={`flex flex-wrap gap-1 text-xs text-ink-soft ${className}`}>
      {notes.map(({ text, title }) => (
        <li key={text} title={title} className="rounded-md bg-track px-1.5 py-0.5 whitespace-nowrap">
          {text}
        </li>
      ))}
    </ul>
  );
}
