import type { Severity } from '../api/alertTypes';
import { severityNames } from '../lib/alertWords';
import { CriticalIcon, InfoIcon, WarningIcon } from './icons';

const looks: Record<Severity, { icon: typeof InfoIcon; ink: string; chip: string }> = {
  critical: { icon: CriticalIcon, ink: 'text-bad', chip: 'bg-bad-soft' },
  warning: { icon: WarningIcon, ink: 'text-warn', chip: 'bg-warn-soft' },
  info: { icon: InfoIcon, ink: 'text-accent-ink', chip: 'bg-accent-soft' },
};

/** How much it matters, as icon, word and colour together. */
export function SeverityBadge({ severity, chip = false }: { severity: Severity; chip?: boolean }) {
  const { icon: Icon, ink, chip: background } = looks[severity];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${ink} ${chip ? `rounded-full px-2.5 py-1 text-[13px] ${background}` : ''}`}>
      <Icon className="size-3.5" />
      {severityNames[severity]}
    </span>
  );
}

/** How many alerts of a host are open, and the worst of them. Nothing if there are none. */
export function FiringBadge({ firing, severity }: { firing: number; severity: Severity | null | undefined }) {
  if (!firing) return null;
  const { icon: Icon, ink, chip } = looks[severity ?? 'warning'];
  const words = `${firing === 1 ? '1 open alert' : `${firing} open alerts`}, ${severityNames[severity ?? 'warning'].toLowerCase()}`;
  return (
    <span data-testid="firing" title={words} className={`inline-flex shrink-0 items-center gap-1 rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${ink} ${chip}`}>
      <Icon className="size-3" />
      <span aria-hidden="true">{firing}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
