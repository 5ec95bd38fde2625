/** A line of a menu, link or button. */
export const menuItemLook = 'flex h-10 w-full items-center gap-2.5 rounded-lg px-2.5 text-left whitespace-nowrap hover:bg-raised aria-[current=page]:font-medium';
