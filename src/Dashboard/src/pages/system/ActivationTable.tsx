import type { Cluster } from '../../api/clusterTypes';
import { kindInWords, kindRowsOf } from '../../lib/clusterView';

/** Grains in memory by kind, and where they are if there are several silos. */
export function ActivationTable({ cluster }: { cluster: Cluster }) {
  const { silos, rows } = kindRowsOf(cluster.members);
  if (rows.length === 0) return <p className="text-ink-soft">No silo is heard at the moment.</p>;
  const isSpread = silos.length > 1;
  return (
    <div className="-mx-4 overflow-x-auto sm:-mx-5">
      <table className="w-full border-collapse text-left [&_td]:px-2 [&_td]:py-1.5 [&_td]:first:pl-4 [&_td]:last:pr-4 sm:[&_td]:first:pl-5 sm:[&_td]:last:pr-5 [&_th]:h-9 [&_th]:px-2 [&_th]:font-medium [&_th]:whitespace-nowrap [&_th]:first:pl-4 [&_th]:last:pr-4 sm:[&_th]:first:pl-5 sm:[&_th]:last:pr-5">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col">Kind</th>
            {isSpread && silos.map(({ name, address }) => <th key={`${name} ${address}`} scope="col" className="text-right" title={address}>{name}</th>)}
            <th scope="col" className="text-right">{isSpread ? 'All' : 'Activations'}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, total, bySilo }) => (
            <tr key={kind} className="border-b border-line last:border-0">
              <td title={kind}>{kindInWords(kind)}</td>
              {isSpread && bySilo.map((count, i) => <td key={`${silos[i]?.name} ${silos[i]?.address}`} className="text-right text-ink-soft">{count.toLocaleString('en')}</td>)}
              <td className="text-right font-medium">{total.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
