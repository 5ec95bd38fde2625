import { Link } from 'wouter';
import { Button } from '../../components/Button';
import { CompareIcon } from '../../components/icons';
import { comparePath, maxHosts } from '../compare/compareState';

/** How many hosts are picked, and what comes of it. Stays in sight however long the list is. */
export function PickedBar({ picked, onClose }: { picked: number[]; onClose: () => void }) {
  return (
    <div role="status" className="sticky bottom-3 z-10 mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line-strong/60 bg-surface px-4 py-3 shadow-lg">
      <p className="min-w-0 grow">{picked.length < 2 ? `Pick two to ${maxHosts} hosts to compare.` : `${picked.length} hosts picked${picked.length === maxHosts ? '; more do not fit' : ''}.`}</p>
      <div className="flex gap-2">
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        {picked.length >= 2 && (
          <Link href={comparePath(picked)} className="inline-flex h-10 items-center gap-2 rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
            <CompareIcon />
            Compare
          </Link>
        )}
      </div>
    </div>
  );
}
