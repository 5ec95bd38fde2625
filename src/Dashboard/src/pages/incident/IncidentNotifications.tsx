import { Link } from 'wouter';
import type { IncidentStory, NotificationState } from '../../api/alertTypes';
import { CheckIcon, LateIcon, OfflineIcon } from '../../components/icons';
import { Panel } from '../../components/Panel';
import { formatMoment } from '../../lib/format';
import { notificationStateNames } from '../../lib/incidentWords';

const looks: Record<NotificationState, { icon: typeof CheckIcon; ink: string }> = {
  queued: { icon: LateIcon, ink: 'text-warn' },
  sent: { icon: CheckIcon, ink: 'text-good' },
  dead: { icon: OfflineIcon, ink: 'text-bad' },
};

/** Who was told, and whether it arrived. */
export function IncidentNotifications({ story }: { story: IncidentStory }) {
  return (
    <Panel title="Notifications">
      {story.notifications.length === 0 ? (
        <p className="text-ink-soft">
          There are none. Where alerts go is set under{' '}
          <Link href="/alerts/channels" className="text-accent-ink underline underline-offset-2">
            Channels
          </Link>{' '}
          and{' '}
          <Link href="/alerts/routing" className="text-accent-ink underline underline-offset-2">
            Routing
          </Link>
          .
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {story.notifications.map(({ channel, title, state, at, attempts, error }, i) => {
            const { icon: Icon, ink } = looks[state];
            return (
              <li key={i} className="py-2.5 first:pt-0 last:pb-0">
                <p className="flex flex-wrap items-center justify-between gap-x-4">
                  <span className="min-w-0 font-medium break-words">{channel ?? 'A channel that is gone'}</span>
                  <span className={`inline-flex items-center gap-1.5 font-medium ${ink}`}>
                    <Icon className="size-3.5" />
                    {notificationStateNames[state]}
                  </span>
                </p>
                <p className="break-words">{title}</p>
                <p className="text-[13px] text-ink-soft">
                  <time dateTime={at}>{formatMoment(at)}</time>
                  {attempts > 1 && ` · ${attempts} attempts`}
                </p>
                {error && <p className="text-[13px] break-words text-ink-soft">{error}</p>}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
