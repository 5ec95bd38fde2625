import { ResetPasswordDialog } from './ResetPasswordDialog';
import { DeleteUserDialog } from './DeleteUserDialog';
import { StandingDialog } from './StandingDialog';
import type { AskedUserAction } from './userActions';

/** The question that belongs to an action. */
export function UserDialogs({ asked: { action, user }, onClose }: { asked: AskedUserAction; onClose: () => void }) {
  switch (action) {
    case 'resetPassword':
      return <ResetPasswordDialog user={user} onClose={onClose} />;
    case 'delete':
      return <DeleteUserDialog user={user} onClose={onClose} />;
    default:
      return <StandingDialog action={action} user={user} onClose={onClose} />;
  }
}
