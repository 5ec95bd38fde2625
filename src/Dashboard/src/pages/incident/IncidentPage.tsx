import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../../api/ApiError';
import { useIncident } from '../../api/incidents';
import type { IncidentStory } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { BackIcon, BellOffIcon, CheckIcon } from '../../components/icons';
import { Notice } from '../../components/Notice';
import { PageSkeleton } from '../../components/PageSkeleton';
import { RelativeTime } from '../../components/RelativeTime';
import { SeverityBadge } from '../../components/SeverityBadge';
import { describeBound, incidentValue, summarise } from '../../lib/alertWords';
import { formatDuration, formatMoment } from '../../lib/format';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { IncidentNotes } from '../alerts/IncidentNotes';
import { IncidentStateBadge } from '../alerts/IncidentStateBadge';
import { useIncidentActions } from '../alerts/useIncidentActions';
import { NotFoundPage } from '../NotFoundPage';
import { Evidence } from './Evidence';
import { IncidentChart } from './IncidentChart';
import { IncidentNotifications } from './IncidentNotifications';
import { Timeline } from './Timeline';

/** The story of one alert. */
export function IncidentPage({ id }: { id: string }) {
  const { data: story, error, refetch } = useIncident(id);
  useScrollToTop();
  useTitle(story ? `${story.rule.name}, ${story.host.name}` : '');
  if (!story) {
    if (error instanceof ApiError && error.status === 404) return <NotFoundPage what="alert" />;
    if (error) return <Notice title="This alert could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return <PageSkeleton />;
  }

  return (
    <>
      <IncidentHeader story={story} />
      <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 gap-3 sm:gap-4">
          <IncidentChart incident={story} />
          <Evidence story={story} />
        </div>
        <div className="grid min-w-0 gap-3 sm:gap-4">
          <Timeline story={story} />
          <IncidentNotifications story={story} />
        </div>
      </div>
    </>
  );
}

function IncidentHeader({ story }: { story: IncidentStory }) {
  const actions = useIncidentActions();
  const { rule, host, state, openedAt, resolvedAt } = story;
  const begin = Date.parse(openedAt);
  const bound = describeBound(rule);
  return (
    <div className="mb-5">
      <Link href="/alerts" className="-ml-2 inline-flex h-10 items-center gap-1 rounded-lg px-2 text-ink-soft hover:text-ink">
        <BackIcon className="size-3.5" />
        Alerts
      </Link>
      <div className="mt-1 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words">{rule.name}</h1>
            <SeverityBadge severity={story.severity} chip />
            <IncidentStateBadge state={state} />
            <IncidentNotes incident={{ ...story, comments: 0 }} />
          </div>
          <p className="mt-1 wrap-anywhere text-ink-soft">
            <Link href={`/hosts/${host.id}`} className="font-medium text-ink underline decoration-line-strong/50 underline-offset-2 hover:decoration-current">
              {host.name}
            </Link>
            {' · '}
            {summarise(story)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {story.mayChange && state === 'open' && (
            <Button look="primary" disabled={actions.isPending} onClick={() => actions.act('acknowledge', story)}>
              <CheckIcon />
              Acknowledge
            </Button>
          )}
          {story.mayChange && state === 'acknowledged' && (
            <Button disabled={actions.isPending} onClick={() => actions.act('unacknowledge', story)}>
              Take acknowledgement back
            </Button>
          )}
          {state !== 'resolved' && (
            <Button onClick={() => actions.act('silence', story)}>
              <BellOffIcon />
              Silence…
            </Button>
          )}
        </div>
      </div>
      <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2">
        <Fact name="Since">
          {formatMoment(openedAt)} <span className="text-ink-soft">(<RelativeTime at={begin} />)</span>
        </Fact>
        {resolvedAt !== null && (
          <Fact name="Over">
            {formatMoment(resolvedAt)} <span className="text-ink-soft">(after {formatDuration((Date.parse(resolvedAt) - begin) / 1000)})</span>
          </Fact>
        )}
        {bound && <Fact name="Fires">{bound}</Fact>}
        {story.value !== null && <Fact name="Began with">{incidentValue(story, story.value)}</Fact>}
        {story.peak !== null && <Fact name="Worst">{incidentValue(story, story.peak)}</Fact>}
        {story.forecastAt && <Fact name="Expected">{formatMoment(story.forecastAt)}</Fact>}
        {story.acknowledgedBy !== null && (
          <Fact name="Taken up by">
            {story.acknowledgedBy}
            {story.acknowledgedAt !== null && <span className="text-ink-soft"> (<RelativeTime at={Date.parse(story.acknowledgedAt)} />)</span>}
          </Fact>
        )}
      </dl>
      <div className="mt-4 empty:hidden">
        <FormError error={actions.error} />
      </div>
      {actions.dialog}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
