import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { PlusIcon } from '../../components/icons';

const steps = [
  ['Name the machine', 'The server makes a token for its agent.'],
  ['Start the agent there', 'One command, which you get here to paste. It needs no root and opens no port.'],
  ['Watch it', 'The first report arrives within seconds and this page fills by itself.'],
] as const;

export function NoHostsYet({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState
      title="Add your first machine"
      action={
        <Button look="primary" onClick={onAdd} className="h-11 px-5">
          <PlusIcon />
          Add host
        </Button>
      }
    >
      <p>A small agent on every machine reports to this server. It only reads.</p>
      <ol className="mt-6 grid gap-3 text-left sm:grid-cols-3">
        {steps.map(([title, text], i) => (
          <li key={title} className="rounded-lg bg-raised p-4">
            <p className="font-semibold text-ink">
              <span className="mr-2 text-accent-ink">{i + 1}</span>
              {title}
            </p>
            <p className="mt-1 text-[13px]">{text}</p>
          </li>
        ))}
      </ol>
    </EmptyState>
  );
}
