import { Link } from 'wouter';
import { EmptyState } from '../../components/EmptyState';
import { Notice } from '../../components/Notice';
import { formatDuration } from '../../lib/format';
import type { HostHeader } from '../../live/Live';

/** Beyond this, times of different machines can no longer be compared by eye. */
const clockToleranceSeconds = 5;

/** What somebody should know before reading the values. */
export function HostNotices({ host }: { host: HostHeader }) {
  const clock = host.clockOffsetSeconds ?? 0;
  return (
    <>
      {host.status === 'pending' && (
        <EmptyState
          title="Waiting for the first report"
          action={
            host.access !== 'read' && (
              <Link href={`/hosts/${host.id}/settings`} className="font-medium text-accent-ink underline underline-offset-2">
                Make a new token in the settings
              </Link>
            )
          }
        >
          The agent of this host has not reported yet. This page begins to show values as soon as it does. A token that was not used within five minutes is void.
        </EmptyState>
      )}
      {host.status === 'offline' && (
        <div className="mb-4">
          <Notice role="note" title="This host does not report">These are its last values. The agent keeps what it measures and sends it later, if the machine is running.</Notice>
        </div>
      )}
      {Math.abs(clock) > clockToleranceSeconds && (
        <div className="mb-4">
          <Notice role="note" title={`The clock of this host is ${formatDuration(Math.abs(clock))} ${clock > 0 ? 'ahead' : 'behind'}`}>
            Its samples appear that much too {clock > 0 ? 'late' : 'early'}. Time synchronisation on the host mends it.
          </Notice>
        </div>
      )}
    </>
  );
}
