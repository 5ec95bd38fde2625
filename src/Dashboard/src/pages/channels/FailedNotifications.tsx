import { Link } from 'wouter';
import { useDismissNotification, useFailedNotifications, useRetryNotification } from '../../api/channels';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { Panel } from '../../components/Panel';
import { formatMoment, plural } from '../../lib/format';

/** What no channel would take, and why: to be sent again once that is mended, or let go. */
export function FailedNotifications() {
  const { data, error, refetch } = useFailedNotifications();
  const retry = useRetryNotification();
  const dismiss = useDismissNotification();
  const isBusy = retry.isPending || dismiss.isPending;
  return (
    <Panel title="Failed notifications" aside={data && data.dead > data.notifications.length && <p className="text-[13px] text-ink-soft">The newest {data.notifications.length} of {data.dead.toLocaleString('en')}</p>}>
      <div className="mb-3 empty:hidden">
        <FormError error={retry.error ?? dismiss.error} />
      </div>
      {!data ? (
        error ? (
          <LoadError what="Failed notifications" error={error} onRetry={() => void refetch()} />
        ) : (
          <ListSkeleton rows={1} />
        )
      ) : data.notifications.length === 0 ? (
        <p className="text-ink-soft">There are none. What a channel refuses for good is kept here with its reason.</p>
      ) : (
        <ul className="divide-y divide-line">
          {data.notifications.map((notification) => {
            const { id, title, channel, dueAt, attempts, error: reason, incidents } = notification;
            const [first] = incidents;
            return (
              <li key={id} data-testid="failed-notification" className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
                <div className="min-w-0 flex-1 basis-64">
                  <p className="font-medium break-words">
                    {first !== undefined && incidents.length === 1 ? (
                      <Link href={`/alerts/${first}`} className="hover:underline">
                        {title}
                      </Link>
                    ) : (
                      title
                    )}
                  </p>
                  <p className="text-[13px] text-ink-soft">
                    {channel?.name ?? 'A channel that is gone'} · {formatMoment(dueAt)} · {plural(attempts, 'attempt', 'attempts')}
                  </p>
                  {reason && <p className="text-[13px] break-words text-bad">{reason}</p>}
                </div>
                <div className="flex gap-2">
                  {channel !== null && (
                    <Button onClick={() => retry.mutate(id)} disabled={isBusy} aria-label={`Send ${title} again`}>
                      Send again
                    </Button>
                  )}
                  <Button onClick={() => dismiss.mutate(id)} disabled={isBusy} aria-label={`Dismiss ${title}`}>
                    Dismiss
                  </Button>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
