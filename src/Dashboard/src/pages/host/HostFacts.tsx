import { formatDuration } from '../../lib/format';
import type { HostHeader } from '../../live/Live';
import { useHostView } from '../../live/useHostView';

/** What kind of machine it is. A fact nobody reported is left out. */
export function HostFacts({ host }: { host: HostHeader }) {
  const view = useHostView(host.id);
  const uptime = view.currentOf('uptime.seconds');
  const { agent } = host;
  const facts: [string, string | null | undefined][] = [
    ['Host name', agent?.hostname === host.name ? null : agent?.hostname],
    ['System', agent?.os],
    ['Kernel', agent?.kernel],
    ['Processor', agent?.cpu],
    ['Architecture', agent?.architecture],
    ['Up', uptime === null ? null : formatDuration(uptime)],
    ['Agent', agent?.version],
    ['Reports', host.intervalSeconds === null ? null : `every ${host.intervalSeconds} s`],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  if (known.length === 0) return null;
  return (
    <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-[13px]">
      {known.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1.5">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
