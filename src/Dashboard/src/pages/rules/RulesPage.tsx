import { useState } from 'react';
import { Link } from 'wouter';
import { useDeleteRule, useRestoreDefaults, useRules, useSwitchRule } from '../../api/rules';
import type { Rule } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { FormError } from '../../components/FormError';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertsNavigation } from '../alerts/AlertsNavigation';
import { RuleItem } from './RuleItem';

export function RulesPage() {
  const { data: rules, error, refetch } = useRules();
  const change = useSwitchRule();
  const remove = useDeleteRule();
  const restore = useRestoreDefaults();
  const [asked, setAsked] = useState<Rule | 'defaults' | null>(null);
  const close = () => setAsked(null);
  useScrollToTop();
  useTitle('Alert rules');

  const ask = (what: Rule | 'defaults') => {
    remove.reset();
    restore.reset();
    setAsked(what);
  };
  const content = () => {
    if (!rules) {
      if (error) return <Notice title="The rules could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={6} />;
    }

    if (rules.length === 0) return <EmptyState title="There is no rule">Nothing is watched, so nothing can fire. The defaults cover what most machines need.</EmptyState>;
    return (
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-(--shadow)">
        {rules.map((rule) => (
          <RuleItem key={rule.id} rule={rule} onSwitch={(enabled) => change.mutate({ id: rule.id, enabled })} onDelete={() => ask(rule)} />
        ))}
      </ul>
    );
  };

  return (
    <>
      <AlertsNavigation />
      <div className="mx-auto max-w-6xl">
        <PageHeading
          title="Rules"
          action={
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => ask('defaults')}>Restore defaults…</Button>
              <Link href="/alerts/rules/new" className="inline-flex h-10 items-center gap-2 rounded-lg bg-accent px-3.5 font-medium text-on-accent hover:brightness-110">
                <PlusIcon />
                New rule
              </Link>
            </div>
          }
        >
          Each watches a series of your hosts. The defaults are there from the beginning, also for every host that is added.
        </PageHeading>
        <div className="mb-4 empty:hidden">
          <FormError error={change.error} />
        </div>
        {content()}
        {asked === 'defaults' && (
          <ConfirmDialog
            title="Restore the default rules?"
            action="Restore defaults"
            acting="Restoring…"
            isPending={restore.isPending}
            error={restore.error}
            onConfirm={() => restore.mutate(undefined, { onSuccess: close })}
            onClose={close}
          >
            <p>Defaults that were deleted come back, and those that were changed get their first values. Rules of your own stay as they are.</p>
          </ConfirmDialog>
        )}
        {asked !== null && asked !== 'defaults' && (
          <ConfirmDialog
            title={`Delete ${asked.name}?`}
            action="Delete rule"
            acting="Deleting…"
            isDanger
            isPending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate(asked.id, { onSuccess: close })}
            onClose={close}
          >
            <p>Its open alerts end with it; what it found before is kept.{asked.default ? ' It is one of the defaults, which can be restored.' : ''}</p>
          </ConfirmDialog>
        )}
      </div>
    </>
  );
}
