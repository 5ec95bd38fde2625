import { HostChip } from './HostChip';
import { HostChoice } from './HostChoice';
import { PlusIcon } from './icons';
import { Menu } from './Menu';

interface HostsFieldProps {
  label: string;
  hosts: readonly number[];
  /** So many at most. */
  most: number;
  onChange: (hosts: number[]) => void;
  error?: string | null;
}

/** Hosts, chosen one by one. */
export function HostsField({ label, hosts, most, onChange, error = null }: HostsFieldProps) {
  return (
    <div role="group" aria-label={label}>
      <p className="mb-1.5 font-medium">{label}</p>
      <div className="flex flex-wrap items-center gap-2">
        {hosts.map((id) => (
          <HostChip key={id} id={id} onRemove={() => onChange(hosts.filter((other) => other !== id))} />
        ))}
        {hosts.length < most && (
          <Menu
            name={hosts.length === 0 ? `${label}: choose a host` : `${label}: add a host`}
            align="left"
            buttonClassName="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3.5 hover:bg-raised"
            button={
              <>
                <PlusIcon />
                {most === 1 ? 'Choose a host' : 'Add host'}
              </>
            }
          >
            {(close) => (
              <HostChoice
                except={hosts}
                onChoose={({ id }) => {
                  close();
                  onChange([...hosts, id]);
                }}
              />
            )}
          </Menu>
        )}
      </div>
      {error && (
        <p role="alert" className="mt-1.5 text-[13px] text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
