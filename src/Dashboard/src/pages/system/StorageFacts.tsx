import type { ClusterStorage } from '../../api/clusterTypes';
import { Meter } from '../../components/Meter';
import { formatBytes } from '../../lib/format';

/** Where everything is, and what it takes there. */
export function StorageFacts({ storage }: { storage: ClusterStorage }) {
  const { kind, disk, history } = storage;
  const parts = history && [
    { name: 'Samples not compacted yet', bytes: history.journalBytes },
    { name: 'Samples', bytes: history.sampleBytes },
    { name: 'By the minute', bytes: history.minuteBytes },
    { name: 'By the quarter of an hour', bytes: history.quarterHourBytes },
  ];
  return (
    <>
      {disk && (
        <div className="mb-4">
          <p className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="min-w-0 font-mono text-xs wrap-anywhere text-ink-soft">{disk.path}</span>
            <span>
              <span className="font-medium">{formatBytes(disk.freeBytes)}</span> <span className="text-[13px] text-ink-soft">free of {formatBytes(disk.totalBytes)}</span>
            </span>
          </p>
          <Meter percent={disk.totalBytes > 0 ? 100 - (disk.freeBytes / disk.totalBytes) * 100 : null} />
        </div>
      )}
      {parts ? (
        <dl className="divide-y divide-line">
          {parts.map(({ name, bytes }) => (
            <div key={name} className="flex items-baseline justify-between gap-4 py-1.5">
              <dt>{name}</dt>
              <dd className="font-medium">{formatBytes(bytes)}</dd>
            </div>
          ))}
          <div className="flex items-baseline justify-between gap-4 py-1.5">
            <dt className="font-medium">{kind === 'sqlite' ? 'The whole database' : 'History'}</dt>
            <dd className="font-medium">{formatBytes(history.totalBytes)}</dd>
          </div>
        </dl>
      ) : (
        <p className="text-ink-soft">What history takes could not be measured.</p>
      )}
      {kind === 'postgresql' && !disk && (
        <p className="mt-3 text-[13px] text-ink-soft">
          PostgreSQL does not tell how much room its disk has left; watch that where it runs. With <span className="font-mono text-xs">--database-max-size</span> reports are refused before it is full.
        </p>
      )}
    </>
  );
}
