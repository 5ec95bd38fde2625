/** How everything one can type into or choose from looks. */
export const inputLook = 'w-full rounded-lg border border-line-strong bg-surface px-3 aria-invalid:border-bad disabled:bg-raised disabled:text-ink-soft';
export const selectLook = 'h-10 rounded-lg border border-line-strong/60 bg-surface pr-2 pl-3 text-ellipsis';
