import { Button } from './Button';
import { BackIcon, ForwardIcon } from './icons';

interface PagerProps {
  /** Counted from 1. */
  page: number;
  pageSize: number;
  matched: number;
  /** What is on the pages, in the plural. */
  what: string;
  onPage: (page: number) => void;
}

export function Pager({ page, pageSize, matched, what, onPage }: PagerProps) {
  const pages = Math.ceil(matched / pageSize);
  if (pages <= 1) return null;
  const first = (page - 1) * pageSize + 1;
  const last = Math.min(page * pageSize, matched);
  return (
    <nav aria-label={`Pages of ${what}`} className="mt-4 flex items-center justify-between gap-3">
      <p className="text-ink-soft">
        {first <= last ? `${first.toLocaleString('en')}–${last.toLocaleString('en')} of ` : ''}
        {matched.toLocaleString('en')} {what}
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
