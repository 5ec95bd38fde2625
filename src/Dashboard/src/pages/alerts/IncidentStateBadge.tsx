import type { IncidentState } from '../../api/alertTypes';
import { BellIcon, CheckIcon, EyeIcon } from '../../components/icons';
import { incidentStateNames } from '../../lib/alertWords';

const looks: Record<IncidentState, { icon: typeof BellIcon; look: string }> = {
  open: { icon: BellIcon, look: 'bg-bad-soft text-bad' },
  acknowledged: { icon: EyeIcon, look: 'bg-accent-soft text-accent-ink' },
  resolved: { icon: CheckIcon, look: 'bg-good-soft text-good' },
};

/** Where an incident is, as icon, word and colour together. */
export function IncidentStateBadge({ state }: { state: IncidentState }) {
  const { icon: Icon, look } = looks[state];
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-[13px] font-medium whitespace-nowrap ${look}`} data-testid="incident-state" data-state={state}>
      <Icon className="size-3.5" />
      {incidentStateNames[state]}
    </span>
  );
}
