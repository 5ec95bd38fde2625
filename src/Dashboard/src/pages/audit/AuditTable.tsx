import type { AuditEntry } from '../../api/types';
import type { AuditState } from '../../lib/auditQuery';
import { formatMoment } from '../../lib/format';
import { AuditAction, AuditActor } from './AuditSentence';
import { OutcomeBadge } from './OutcomeBadge';

export function AuditTable({ entries, state }: { entries: AuditEntry[]; state: AuditState }) {
  return (
    <div className="rounded-xl border border-line bg-surface shadow-(--shadow)">
      <table className="w-full border-collapse text-left [&_td]:px-3 [&_td]:py-2.5 [&_td]:align-top [&_td]:first:pl-5 [&_td]:last:pr-5 [&_th]:h-10 [&_th]:px-3 [&_th]:font-medium [&_th]:first:pl-5 [&_th]:last:pr-5">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col" className="w-52">Time</th>
            <th scope="col" className="w-44">Who</th>
            <th scope="col">What</th>
            <th scope="col" className="w-44">From</th>
            <th scope="col" className="w-60">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id} className="border-b border-line last:border-0">
              <td className="whitespace-nowrap text-ink-soft">
                <time dateTime={entry.at}>{formatMoment(entry.at)}</time>
              </td>
              <td className="wrap-anywhere">
                <AuditActor entry={entry} state={state} />
              </td>
              <td>
                <AuditAction entry={entry} state={state} />
              </td>
              <td className="wrap-anywhere text-ink-soft">{entry.address ?? ''}</td>
              <td>
                <OutcomeBadge outcome={entry.outcome} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
