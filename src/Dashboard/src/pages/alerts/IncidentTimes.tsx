import type { Incident } from '../../api/alertTypes';
import { RelativeTime } from '../../components/RelativeTime';
import { formatDuration } from '../../lib/format';

/** When it began, and how long it took. */
export function IncidentTimes({ incident }: { incident: Incident }) {
  const begin = Date.parse(incident.openedAt);
  if (incident.resolvedAt === null) return <RelativeTime at={begin} />;
  const seconds = (Date.parse(incident.resolvedAt) - begin) / 1000;
  return (
    <>
      <RelativeTime at={begin} />
      {seconds >= 1 && <span className="text-ink-faint">, for {formatDuration(seconds)}</span>}
    </>
  );
}
