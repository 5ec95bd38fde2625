import { Link } from 'wouter';
import type { AuditEntry } from '../../api/types';
import { formatAuditState, type AuditState } from '../../lib/auditQuery';
import { describeAction, targetName } from '../../lib/auditWords';

const linkLook = 'font-medium text-ink underline decoration-line-strong/50 underline-offset-2 hover:decoration-current';

/** Who did it; leads to all that they did. */
export function AuditActor({ entry, state }: { entry: AuditEntry; state: AuditState }) {
  const { actor } = entry;
  if (!actor?.name) return <span className="text-ink-soft">{actor ? `account ${actor.id}` : !entry.address ? 'the server' : 'nobody signed in'}</span>;
  return (
    <>
      <Link href={`/audit?${formatAuditState({ ...state, actor: actor.name, before: null })}`} title={`All that ${actor.name} did`} className={linkLook}>
        {actor.name}
      </Link>
      {/* Whoever typed the name need not be its owner. */}
      {actor.id === null && <span className="text-ink-soft"> (claimed)</span>}
    </>
  );
}

/** What was done to what; leads to all that was done to it. */
export function AuditAction({ entry, state }: { entry: AuditEntry; state: AuditState }) {
  const target = targetName(entry);
  const { target: about } = entry;
  return (
    <>
      {describeAction(entry)}{' '}
      {target !== null &&
        (about?.id ? (
          <Link
            href={`/audit?${formatAuditState({ ...state, targetKind: about.kind, targetId: about.id, before: null })}`}
            title={`All about ${target}`}
            className={`wrap-anywhere ${linkLook}`}
          >
            {target}
          </Link>
        ) : (
          <span className="font-medium wrap-anywhere">{target}</span>
        ))}
      {entry.detail && <span className="block text-[13px] wrap-anywhere text-ink-soft">{entry.detail}</span>}
    </>
  );
}
