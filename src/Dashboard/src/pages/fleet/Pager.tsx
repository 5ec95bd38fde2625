import { Button } from '../../components/Button';
import { BackIcon, ForwardIcon } from '../../components/icons';
import { pageSize } from '../../lib/fleetQuery';

export function Pager({ page, matched, onPage }: { page: number; matched: number; onPage: (page: number) => void }) {
  const pages = Math.ceil(matched / pageSize);
  if (pages <= 1) return null;
  const first = (page - 1) * pageSize + 1;
  const last = Math.min(page * pageSize, matched);
  return (
    <nav aria-label="Pages of hosts" className="mt-4 flex items-center justify-between gap-3">
      <p className="text-ink-soft">
        {first <= last ? `${first.toLocaleString('en')}–${last.toLocaleString('en')} of ` : ''}
        {matched.toLocaleString('en')} hosts
      </p>
      <div className="flex gap-2">
        <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <BackIcon />
          Previous
        </Button>
        <Button disabled={page >= pages} onClick={() => onPage(page + 1)}>
          Next
          <ForwardIcon />
        </Button>
      </div>
    </nav>
  );
}
