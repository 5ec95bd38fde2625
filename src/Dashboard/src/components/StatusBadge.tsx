import type { HostStatus } from '../api/types';
import { LateIcon, OfflineIcon, OnlineIcon, PendingIcon } from './icons';

const looks: Record<HostStatus, { word: string; icon: typeof OnlineIcon; ink: string; chip: string }> = {
  online: { word: 'Online', icon: OnlineIcon, ink: 'text-good', chip: 'bg-good-soft' },
  late: { word: 'Late', icon: LateIcon, ink: 'text-warn', chip: 'bg-warn-soft' },
  offline: { word: 'Offline', icon: OfflineIcon, ink: 'text-bad', chip: 'bg-bad-soft' },
  pending: { word: 'Pending', icon: PendingIcon, ink: 'text-idle', chip: 'bg-idle-soft' },
};

/** The status as icon, word and colour together. */
export function StatusBadge({ status, chip = false }: { status: HostStatus; chip?: boolean }) {
  const { word, icon: Icon, ink, chip: background } = looks[status];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${ink} ${chip ? `rounded-full px-2.5 py-1 text-[13px] ${background}` : ''}`}>
      <Icon className="size-3.5" />
      {word}
    </span>
  );
}
