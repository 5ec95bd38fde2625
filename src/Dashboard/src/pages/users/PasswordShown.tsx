import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { SecretText } from '../../components/SecretText';

/** A password that was made up: this once, to be handed over. */
export function PasswordShown({ title, username, password, onClose }: { title: string; username: string; password: string; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-4 text-ink-soft">Hand this over in a way that nobody else reads. {username} should change it after signing in, on the account page.</p>
      <SecretText label="Password" text={password} copyLabel="Copy password" testId="generated-password" />
      <div className="mt-5 flex justify-end border-t border-line pt-4">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
