import type { AuditEntry } from '../../api/types';
import type { AuditState } from '../../lib/auditQuery';
import { formatMoment } from '../../lib/format';
import { AuditAction, AuditActor } from './AuditSentence';
import { OutcomeBadge } from './OutcomeBadge';

/** The table's content where there is no room for its columns. */
export function AuditList({ entries, state }: { entries: AuditEntry[]; state: AuditState }) {
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-(--shadow)">
      {entries.map((entry) => (
        <li key={entry.id} className="px-4 py-3">
          <p className="flex flex-wrap justify-between gap-x-4 text-[13px] text-ink-soft">
            <time dateTime={entry.at}>{formatMoment(entry.at)}</time>
            <OutcomeBadge outcome={entry.outcome} />
          </p>
          <div className="mt-1">
            <AuditActor entry={entry} state={state} /> <AuditAction entry={entry} state={state} />
          </div>
          {entry.address && <p className="mt-0.5 text-[13px] wrap-anywhere text-ink-soft">from {entry.address}</p>}
        </li>
      ))}
    </ul>
  );
}
