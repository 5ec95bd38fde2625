import type { ReactNode } from 'react';

export function EntranceCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto mt-[4vh] max-w-md rounded-2xl border border-line bg-surface p-6 shadow-(--shadow) sm:mt-[8vh] sm:p-8">
      <h1 className="text-xl font-semibold">{title}</h1>
      {children}
    </div>
  );
}
