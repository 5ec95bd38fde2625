import { useState } from 'react';
import { useRules } from '../../api/rules';
import { useEndSilence, useSilences } from '../../api/silences';
import type { Rule, Silence } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertsNavigation } from '../alerts/AlertsNavigation';
import { SilenceDialog } from './SilenceDialog';
import { draftOf, newSilence } from './silenceForm';
import { SilenceItem } from './SilenceItem';

const noRules: Rule[] = [];

export function SilencesPage() {
  const { data: silences, error, refetch } = useSilences();
  const { data: rules = noRules } = useRules();
  const end = useEndSilence();
  const [edited, setEdited] = useState<Silence | 'new' | null>(null);
  const [asked, setAsked] = useState<Silence | null>(null);
  useScrollToTop();
  useTitle('Silences');

  const add = (
    <Button look="primary" onClick={() => setEdited('new')}>
      <PlusIcon />
      New silence
    </Button>
  );
  const ask = (silence: Silence) => {
    end.reset();
    setAsked(silence);
  };
  const content = () => {
    if (!silences) {
      if (error) return <Notice title="The silences could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={3} />;
    }

    if (silences.length === 0) return <EmptyState title="Nothing is silenced">For planned work, or a window that comes again such as the nightly backup.</EmptyState>;
    return (
      <ul className="space-y-3">
        {silences.toSorted((a, b) => Number(b.active) - Number(a.active) || a.id - b.id).map((silence) => (
          <SilenceItem key={silence.id} silence={silence} rules={rules} onEdit={() => setEdited(silence)} onEnd={() => ask(silence)} />
        ))}
      </ul>
    );
  };

  return (
    <>
      <AlertsNavigation />
      <div className="mx-auto max-w-6xl">
        <PageHeading title="Silences" action={add}>
          Nobody is told of what is silenced. The alerts themselves go on.
        </PageHeading>
        {content()}
        {edited !== null && (
          <SilenceDialog
            title={edited === 'new' ? 'New silence' : 'Change the silence'}
            id={edited === 'new' ? null : edited.id}
            draft={() => (edited === 'new' ? newSilence(Date.now()) : draftOf(edited, Date.now()))}
            onClose={() => setEdited(null)}
          />
        )}
        {asked && (
          <ConfirmDialog
            title={asked.recurrence ? 'Delete this silence?' : 'End this silence now?'}
            action={asked.recurrence ? 'Delete' : 'End now'}
            acting="Ending…"
            isDanger
            isPending={end.isPending}
            error={end.error}
            onConfirm={() => end.mutate(asked.id, { onSuccess: () => setAsked(null) })}
            onClose={() => setAsked(null)}
          >
            <p>{asked.recurrence ? 'Its windows come no more. ' : ''}People are told of what fires from now on, and of what still does.</p>
          </ConfirmDialog>
        )}
      </div>
    </>
  );
}
