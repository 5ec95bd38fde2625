import type { ComponentProps } from 'react';

const looks = {
  primary: 'bg-accent text-on-accent hover:brightness-110 border-transparent font-medium',
  danger: 'bg-danger text-on-accent hover:brightness-110 border-transparent font-medium',
  plain: 'bg-surface text-ink border-line-strong/60 hover:bg-raised',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-raised hover:text-ink',
};

export function Button({ look = 'plain', className = '', ...props }: ComponentProps<'button'> & { look?: keyof typeof looks }) {
  return (
    <button
      type="button"
      {...props}
      className={`inline-flex h-10 items-center justify-center gap-2 rounded-lg border px-3.5 whitespace-nowrap transition-colors disabled:opacity-50 ${looks[look]} ${className}`}
    />
  );
}
