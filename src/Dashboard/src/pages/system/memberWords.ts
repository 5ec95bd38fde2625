import type { Member } from '../../api/clusterTypes';
import { formatNumber, noValue } from '../../lib/format';

/** What passes through a process: reports through one that agents talk to, rows through one that has grains. */
export function throughput({ figures }: Member): string {
  const rate = figures?.reportsPerSecond ?? figures?.rowsPerSecond;
  return rate == null ? noValue : `${formatNumber(rate)}/s`;
}

export function databaseTime({ figures }: Member): string {
  return figures?.databaseMilliseconds == null ? noValue : `${figures.databaseMilliseconds < 10 ? figures.databaseMilliseconds.toFixed(1) : figures.databaseMilliseconds.toFixed(0)} ms`;
}

/** Why it cannot store, if it cannot. */
export function storageProblem({ figures }: Member): string | null {
  if (figures?.storage === 'failing') return 'cannot write';
  return figures?.storage === 'full' ? 'disk is full' : null;
}
