import { useSignOut } from '../api/session';
import { forgetSignedIn, hasSignedIn } from '../lib/signedIn';
import { useLive } from '../live/LiveContext';
import { SignOutIcon } from './icons';

/** Only for who came in with a key: the machine itself needs none, and could not be signed out. */
export function SignOutButton() {
  const { connection } = useLive();
  const signOut = useSignOut();
  if (!hasSignedIn()) return null;
  return (
    <button
      type="button"
      aria-label="Sign out"
      title="Sign out"
      disabled={signOut.isPending}
      onClick={() =>
        signOut.mutate(undefined, {
          onSuccess: () => {
            forgetSignedIn();
            void connection.requireSignIn();
          },
        })
      }
      className="grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-raised hover:text-ink"
    >
      <SignOutIcon className="size-[18px]" />
    </button>
  );
}
