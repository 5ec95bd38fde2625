import type { Cluster, Member } from '../../api/clusterTypes';
import { Meter } from '../../components/Meter';
import { RelativeTime } from '../../components/RelativeTime';
import { roleWords } from '../../lib/clusterView';
import { formatBytes, formatDuration, formatPercent, noValue } from '../../lib/format';
import { MemberState } from './MemberState';
import { databaseTime, storageProblem, throughput } from './memberWords';

export function MemberTable({ cluster }: { cluster: Cluster }) {
  const hasDatabase = cluster.storage.kind === 'postgresql';
  return (
    <div className="-mx-4 overflow-x-auto sm:-mx-5">
      <table className="w-full border-collapse text-left [&_td]:px-3 [&_td]:py-2.5 [&_td]:align-top [&_td]:first:pl-5 [&_td]:last:pr-5 [&_th]:h-9 [&_th]:px-3 [&_th]:font-medium [&_th]:whitespace-nowrap [&_th]:first:pl-5 [&_th]:last:pr-5">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col">Process</th>
            <th scope="col">State</th>
            <th scope="col">Running for</th>
            <th scope="col">CPU</th>
            <th scope="col" className="text-right">Memory</th>
            <th scope="col" className="text-right">Throughput</th>
            <th scope="col" className="text-right">Activations</th>
            <th scope="col" className="text-right">Open pages</th>
            {hasDatabase && <th scope="col" className="text-right">PostgreSQL</th>}
          </tr>
        </thead>
        <tbody>
          {cluster.members.map((member) => (
            <MemberRow key={`${member.name} ${member.address}`} member={member} at={cluster.at} hasDatabase={hasDatabase} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MemberRow({ member, at, hasDatabase }: { member: Member; at: string; hasDatabase: boolean }) {
  const { figures } = member;
  const problem = storageProblem(member);
  return (
    <tr className="border-b border-line last:border-0">
      <td>
        <p className="font-medium wrap-anywhere">
          {member.name}
          {member.isThis && <span className="ml-2 font-normal text-ink-soft">this one</span>}
        </p>
        <p className="text-[13px] text-ink-soft">
          {roleWords[member.role] ?? member.role} · <span className="font-mono text-xs">{member.address}</span> · {member.version ?? 'version not known'}
        </p>
      </td>
      <td>
        <MemberState member={member} />
        {!figures && (
          <p className="text-[13px] whitespace-nowrap text-ink-soft">
            heard <RelativeTime at={Date.parse(member.heardAt)} />
          </p>
        )}
        {problem && <p className="text-[13px] whitespace-nowrap text-bad">{problem}</p>}
      </td>
      <td className="whitespace-nowrap">{figures ? formatDuration((Date.parse(at) - Date.parse(member.since)) / 1000) : noValue}</td>
      <td className="min-w-28">
        {figures ? (
          <>
            {formatPercent(figures.cpuPercent)} <span className="text-[13px] text-ink-soft">of {figures.cores}</span>
            <Meter percent={figures.cpuPercent} className="mt-1" />
          </>
        ) : (
          noValue
        )}
      </td>
      <td className="text-right whitespace-nowrap">
        {formatBytes(figures?.memoryBytes)}
        {figures && <p className="text-[13px] text-ink-soft">{formatBytes(figures.heapBytes)} objects</p>}
      </td>
      <td className="text-right whitespace-nowrap">
        {throughput(member)}
        {figures && <p className="text-[13px] text-ink-soft">{figures.reportsPerSecond === null ? 'rows' : 'reports'}</p>}
      </td>
      <td className="text-right">{figures?.activations?.toLocaleString('en') ?? noValue}</td>
      <td className="text-right">{figures?.liveConnections ?? noValue}</td>
      {hasDatabase && <td className="text-right whitespace-nowrap">{databaseTime(member)}</td>}
    </tr>
  );
}
