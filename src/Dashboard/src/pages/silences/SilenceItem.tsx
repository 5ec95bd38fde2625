import { Fragment, type ReactNode } from 'react';
import type { Rule, Silence } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { HostNameText } from '../../components/HostChip';
import { BellOffIcon, LateIcon } from '../../components/icons';
import { formatMoment, formatUntil } from '../../lib/format';
import { useTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';
import { describeRecurrence } from './silenceWords';

interface SilenceItemProps {
  silence: Silence;
  rules: readonly Rule[];
  onEdit: () => void;
  onEnd: () => void;
}

export function SilenceItem({ silence, rules, onEdit, onEnd }: SilenceItemProps) {
  const { comment, recurrence, to, from, createdBy } = silence;
  return (
    <li data-testid="silence" className="flex flex-wrap items-start gap-x-4 gap-y-3 rounded-xl border border-line bg-surface p-4 shadow-(--shadow)">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <SilenceStanding silence={silence} />
          <h2 className="min-w-0 font-semibold break-words">{comment || 'Without a reason'}</h2>
        </div>
        <p className="mt-1.5 break-words">
          <SilenceScope silence={silence} rules={rules} />
        </p>
        <p className="mt-0.5 text-[13px] text-ink-soft">
          {recurrence ? describeRecurrence(recurrence) : `From ${formatMoment(from)}`}
          {to !== null && ` until ${formatMoment(to)}`} · by {createdBy || 'nobody known'}
        </p>
      </div>
      <div className="flex gap-2">
        <Button onClick={onEdit}>Edit</Button>
        <Button onClick={onEnd}>{recurrence ? 'Delete' : 'End now'}</Button>
      </div>
    </li>
  );
}

/** Whether it holds now, and for how long or from when on. */
function SilenceStanding({ silence: { active, next, to, recurrence } }: { silence: Silence }) {
  const { clock } = useLive();
  useTick();
  if (active) {
    return (
      <span className="inline-flex items-center gap-1.5 rounded-full bg-warn-soft px-2.5 py-1 text-[13px] font-medium whitespace-nowrap text-warn">
        <BellOffIcon className="size-3.5" />
        {to !== null && !recurrence ? `Ends ${formatUntil(Date.parse(to) - clock.now())}` : 'Holds now'}
      </span>
    );
  }

  return (
    <span className="inline-flex items-center gap-1.5 rounded-full bg-idle-soft px-2.5 py-1 text-[13px] font-medium whitespace-nowrap text-idle">
      <LateIcon className="size-3.5" />
      {next === null ? 'Over' : `Begins ${formatUntil(Date.parse(next) - clock.now())}`}
    </span>
  );
}

function SilenceScope({ silence: { hosts, groups, tags, rules: ruleIds }, rules }: { silence: Silence; rules: readonly Rule[] }) {
  const ruleName = (id: number) => rules.find((rule) => rule.id === id)?.name ?? `rule ${id}`;
  const parts: ReactNode[] = [
    ruleIds.length > 0 && <>{ruleIds.map(ruleName).join(', ')}</>,
    hosts.length > 0 && (
      <>
        {hosts.map((id, i) => (
          <Fragment key={id}>
            {i > 0 && ', '}
            <HostNameText id={id} />
          </Fragment>
        ))}
      </>
    ),
    groups.length > 0 && <>group {groups.join(', ')}</>,
    tags.length > 0 && <>tag {tags.join(', ')}</>,
  ].filter((part) => part !== false);
  if (parts.length === 0) return <>Everything</>;
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <span className="text-ink-faint"> · </span>}
          {part}
        </Fragment>
      ))}
    </>
  );
}
