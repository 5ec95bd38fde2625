import { useSearchParams } from 'wouter';
import { useAudit } from '../../api/audit';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { BackIcon, ForwardIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { defaultAuditState, formatAuditState, isFiltered, parseAuditState, toAuditQuery, type AuditState } from '../../lib/auditQuery';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AuditFilters } from './AuditFilters';
import { AuditList } from './AuditList';
import { AuditTable } from './AuditTable';

export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const state = parseAuditState(params);
  const { data: page, error, refetch, isPlaceholderData } = useAudit(toAuditQuery(state));
  const isWide = useMediaQuery('(min-width: 900px)');
  useScrollToTop();
  useTitle('Audit');

  const change = (next: Partial<AuditState>) => {
    setParams(new URLSearchParams(formatAuditState({ ...state, before: null, ...next })));
    scrollTo(0, 0);
  };
  const content = () => {
    if (!page) {
      if (error) return <Notice title="The audit log could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={10} />;
    }

    if (page.entries.length === 0) {
      return isFiltered(state) || state.before !== null ? (
        <EmptyState title="Nothing fits" action={<Button onClick={() => change(defaultAuditState)}>Show everything</Button>}>
          Try fewer filters, or other days.
        </EmptyState>
      ) : (
        <EmptyState title="Nothing has been done yet">Here will be who signed in, and who changed which account, host or token.</EmptyState>
      );
    }

    return (
      <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`} aria-busy={isPlaceholderData}>
        {isWide ? <AuditTable entries={page.entries} state={state} /> : <AuditList entries={page.entries} state={state} />}
        <nav aria-label="Pages of the audit log" className="mt-4 flex justify-end gap-2">
          <Button disabled={state.before === null} onClick={() => change({})}>
            <BackIcon />
            Newest
          </Button>
          <Button disabled={page.next === null} onClick={() => change({ before: page.next })}>
            Older
            <ForwardIcon />
          </Button>
        </nav>
      </div>
    );
  };

  return (
    <>
      <PageHeading title="Audit">Who signed in, and who changed which account, host or token. Nobody can change it, and it never holds a secret.</PageHeading>
      {/* Another address, as by a link in the list, is another beginning for what is typed there. */}
      <AuditFilters key={state.actor} state={state} onChange={change} />
      {content()}
    </>
  );
}
