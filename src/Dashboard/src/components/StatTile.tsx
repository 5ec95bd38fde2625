import type { ReactNode } from 'react';

interface StatTileProps {
  name: string;
  value: ReactNode;
  /** What is not known is left out. */
  detail: (string | false | undefined)[];
  children?: ReactNode;
}

export function StatTile({ name, value, detail, children }: StatTileProps) {
  const known = detail.filter(Boolean);
  return (
    <div className="flex min-w-0 flex-col rounded-xl border border-line bg-surface p-4 shadow-(--shadow)">
      <p className="text-[13px] font-medium text-ink-soft">{name}</p>
      <div className="mt-1 text-[26px] leading-tight font-semibold tracking-tight">{value}</div>
      <div className="mt-auto pt-2.5">
        {children}
        {known.length > 0 && <p className="mt-2 truncate text-[13px] text-ink-soft" title={known.join(' · ')}>{known.join(' · ')}</p>}
      </div>
    </div>
  );
}
