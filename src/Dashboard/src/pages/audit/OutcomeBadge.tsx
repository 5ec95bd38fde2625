import { CheckIcon, OfflineIcon } from '../../components/icons';
import { outcomeName } from '../../lib/auditWords';

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const [Icon, ink] = outcome === 'ok' ? [CheckIcon, 'text-good'] : [OfflineIcon, 'text-bad'];
  return (
    <span className={`inline-flex items-center gap-1.5 ${ink}`}>
      <Icon className="size-3.5" />
      {outcomeName(outcome)}
    </span>
  );
}
