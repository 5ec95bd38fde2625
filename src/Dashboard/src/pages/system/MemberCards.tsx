import type { ReactNode } from 'react';
import type { Cluster, Member } from '../../api/clusterTypes';
import { Meter } from '../../components/Meter';
import { RelativeTime } from '../../components/RelativeTime';
import { roleWords } from '../../lib/clusterView';
import { formatBytes, formatDuration, formatPercent } from '../../lib/format';
import { MemberState } from './MemberState';
import { databaseTime, storageProblem, throughput } from './memberWords';

/** The same as the table, one below the other. */
export function MemberCards({ cluster }: { cluster: Cluster }) {
  return (
    <ul className="divide-y divide-line">
      {cluster.members.map((member) => (
        <li key={`${member.name} ${member.address}`} className="py-3 first:pt-0 last:pb-0">
          <MemberCard member={member} at={cluster.at} />
        </li>
      ))}
    </ul>
  );
}

function MemberCard({ member, at }: { member: Member; at: string }) {
  const { figures } = member;
  const problem = storageProblem(member);
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 font-medium wrap-anywhere">
          {member.name}
          {member.isThis && <span className="ml-2 font-normal text-ink-soft">this one</span>}
        </p>
        <MemberState member={member} />
      </div>
      <p className="text-[13px] wrap-anywhere text-ink-soft">
        {roleWords[member.role] ?? member.role} · <span className="font-mono text-xs">{member.address}</span> · {member.version ?? 'version not known'}
      </p>
      {problem && <p className="text-[13px] text-bad">{problem}</p>}
      {figures ? (
        <>
          <Meter percent={figures.cpuPercent} className="mt-2" />
          <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1 text-[13px]">
            <Fact name="CPU">{`${formatPercent(figures.cpuPercent)} of ${figures.cores}`}</Fact>
            <Fact name="Memory">{formatBytes(figures.memoryBytes)}</Fact>
            <Fact name={figures.reportsPerSecond === null ? 'Rows' : 'Reports'}>{throughput(member)}</Fact>
            <Fact name="Objects">{formatBytes(figures.heapBytes)}</Fact>
            {figures.activations !== null && <Fact name="Activations">{figures.activations.toLocaleString('en')}</Fact>}
            {figures.liveConnections !== null && <Fact name="Open pages">{figures.liveConnections}</Fact>}
            {figures.databaseMilliseconds !== null && <Fact name="PostgreSQL">{databaseTime(member)}</Fact>}
            <Fact name="Running for">{formatDuration((Date.parse(at) - Date.parse(member.since)) / 1000)}</Fact>
          </dl>
        </>
      ) : (
        <p className="mt-1 text-[13px] text-ink-soft">
          heard <RelativeTime at={Date.parse(member.heardAt)} />
        </p>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline justify-between gap-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="truncate font-medium">{children}</dd>
    </div>
  );
}
