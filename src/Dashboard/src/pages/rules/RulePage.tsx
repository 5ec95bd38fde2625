import { Link } from 'wouter';
import { ApiError } from '../../api/ApiError';
import { useRule } from '../../api/rules';
import { BackIcon } from '../../components/icons';
import { Notice } from '../../components/Notice';
import { PageSkeleton } from '../../components/PageSkeleton';
import { Panel } from '../../components/Panel';
import { describeCondition } from '../../lib/alertWords';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertsNavigation } from '../alerts/AlertsNavigation';
import { NotFoundPage } from '../NotFoundPage';
import { RuleEditor } from './RuleEditor';

export function NewRulePage() {
  useScrollToTop();
  useTitle('New rule');
  return (
    <>
      <AlertsNavigation />
      <BackToRules />
      <h1 className="sr-only">New rule</h1>
      <RuleEditor rule={null} />
    </>
  );
}

export function RulePage({ id: text }: { id: string }) {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? <KnownRulePage id={id} /> : <NotFoundPage what="rule" />;
}

function KnownRulePage({ id }: { id: number }) {
  const { data: rule, error, refetch, isFetchedAfterMount } = useRule(id);
  useScrollToTop();
  useTitle(rule ? rule.name : '');
  // The form begins with what is stored now, not with what the cache still has.
  if (!rule || !isFetchedAfterMount) {
    if (error instanceof ApiError && error.status === 404) return <NotFoundPage what="rule" />;
    if (error) return <Notice title="This rule could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
    return <PageSkeleton />;
  }

  return (
    <>
      <AlertsNavigation />
      <BackToRules />
      <h1 className="sr-only">{rule.name}</h1>
      {rule.kind === 'classic' ? (
        <Panel title={rule.name}>
          <p>{describeCondition(rule)}</p>
          <p className="mt-2 max-w-3xl text-ink-soft">A rule of the older StatusMonitor: it is judged at every sample, has no end, and is told at most once in its cooldown. It is changed where it was made; here it can be deleted from the list.</p>
        </Panel>
      ) : (
        <RuleEditor rule={rule} />
      )}
    </>
  );
}

function BackToRules() {
  return (
    <Link href="/alerts/rules" className="-mt-3 mb-2 -ml-2 inline-flex h-10 items-center gap-1 rounded-lg px-2 text-ink-soft hover:text-ink">
      <BackIcon className="size-3.5" />
      Rules
    </Link>
  );
}
