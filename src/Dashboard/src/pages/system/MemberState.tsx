import type { Member } from '../../api/clusterTypes';
import { LateIcon, OfflineIcon, OnlineIcon, PendingIcon } from '../../components/icons';

const looks = {
  active: { word: 'Active', icon: OnlineIcon, ink: 'text-good' },
  waiting: { word: 'Standing by', icon: LateIcon, ink: 'text-idle' },
  gone: { word: 'Gone', icon: OfflineIcon, ink: 'text-bad' },
  unknown: { word: 'Not known', icon: PendingIcon, ink: 'text-idle' },
};

/** The state as icon, word and colour together. */
export function MemberState({ member }: { member: Member }) {
  const { word, icon: Icon, ink } = looks[member.state in looks ? (member.state as keyof typeof looks) : 'unknown'];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${ink}`}>
      <Icon className="size-3.5" />
      {word}
    </span>
  );
}
