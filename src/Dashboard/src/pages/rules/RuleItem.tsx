import { Link } from 'wouter';
import type { Rule } from '../../api/alertTypes';
import { ActionMenu } from '../../components/ActionMenu';
import { HostNameText } from '../../components/HostChip';
import { SeverityBadge } from '../../components/SeverityBadge';
import { Switch } from '../../components/Switch';
import { alertsPath } from '../../lib/alertsQuery';
import { describeCondition, describeScope } from '../../lib/alertWords';

export function RuleItem({ rule, onSwitch, onDelete }: { rule: Rule; onSwitch: (enabled: boolean) => void; onDelete: () => void }) {
  return (
    <li data-testid="rule" data-rule-id={rule.id} className="flex items-center gap-2 py-2.5 pr-2 pl-4 sm:gap-4 sm:pl-5">
      <div className={`grid min-w-0 flex-1 gap-x-4 gap-y-1 md:grid-cols-[minmax(0,1fr)_11rem_6.5rem] md:items-center ${rule.enabled ? '' : 'text-ink-soft'}`}>
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2">
            <Link href={`/alerts/rules/${rule.id}`} className="min-w-0 font-semibold break-words hover:underline">
              {rule.name}
            </Link>
            {rule.default && <Mark>Default</Mark>}
            {rule.kind === 'classic' && <Mark>Classic</Mark>}
          </p>
          <p className="text-[13px] wrap-anywhere text-ink-soft">{describeCondition(rule)}</p>
        </div>
        <div className="flex min-w-0 items-center gap-x-4 md:contents">
          <p className="min-w-0 truncate text-[13px] text-ink-soft">{rule.scope.kind === 'host' && rule.scope.hostId ? <HostNameText id={rule.scope.hostId} /> : describeScope(rule.scope)}</p>
          <p>
            <SeverityBadge severity={rule.severity} />
          </p>
        </div>
      </div>
      <Switch label={`${rule.name} is used`} isOn={rule.enabled} isDisabled={rule.kind === 'classic'} onChange={onSwitch} />
      <ActionMenu
        of={rule.name}
        actions={[
          { name: rule.kind === 'classic' ? 'Show' : 'Edit', to: `/alerts/rules/${rule.id}` },
          { name: 'Its alerts', to: alertsPath({ show: 'all', rule: rule.id }) },
          { name: 'Delete…', to: onDelete, isGrave: true },
        ]}
      />
    </li>
  );
}

function Mark({ children }: { children: string }) {
  return <span className="rounded-md bg-track px-1.5 py-0.5 text-xs text-ink-soft">{children}</span>;
}
