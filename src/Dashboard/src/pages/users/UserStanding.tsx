import type { User } from '../../api/types';
import { CheckIcon, OfflineIcon } from '../../components/icons';

/** Whether somebody may sign in, as icon, word and colour together. */
export function UserStanding({ user }: { user: User }) {
  const [Icon, word, ink] = user.isDisabled ? [OfflineIcon, 'Disabled', 'text-bad'] : [CheckIcon, 'Active', 'text-good'];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${ink}`}>
      <Icon className="size-3.5" />
      {word}
    </span>
  );
}
