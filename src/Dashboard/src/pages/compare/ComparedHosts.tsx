import { HostChip } from '../../components/HostChip';
import { HostChoice } from '../../components/HostChoice';
import { PlusIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { maxHosts } from './compareState';

interface ComparedHostsProps {
  hosts: number[];
  onChange: (hosts: number[]) => void;
}

/** Who is compared, and more to choose from. */
export function ComparedHosts({ hosts, onChange }: ComparedHostsProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <ul className="contents" aria-label="Compared hosts">
        {hosts.map((id) => (
          <li key={id} className="contents">
            <HostChip id={id} onRemove={() => onChange(hosts.filter((other) => other !== id))} />
          </li>
        ))}
      </ul>
      {hosts.length < maxHosts && (
        <Menu
          name="Add host to the comparison"
          buttonClassName="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3.5 hover:bg-raised"
          align="left"
          button={
            <>
              <PlusIcon />
              Add host
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
  );
}
