import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

interface MenuProps {
  /** The spoken name of the button, where what it shows is not enough. */
  name: string;
  button: ReactNode;
  buttonClassName: string;
  /** The side of the button that the list begins at. */
  align?: 'left' | 'right';
  children: (close: () => void) => ReactNode;
}

/** A button that opens a short list of links and buttons below it. Escape, a click elsewhere and the focus moving on close it. */
export function Menu({ name, button, buttonClassName, align = 'right', children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [isOpen]);

  // What had the focus goes with the list. Before a dialog opens, which gives the focus back to where it was then.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const [box, button] = [root.current, opener.current];
    return () => {
      const { activeElement } = document;
      if (activeElement === document.body || box?.contains(activeElement)) button?.focus();
    };
  }, [isOpen]);

  return (
    <div
      ref={root}
      className="relative min-w-0"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
      }}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={opener}
        type="button"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panel : undefined}
        onClick={() => setOpen(!isOpen)}
        className={buttonClassName}
      >
        {button}
      </button>
      {isOpen && (
        <div id={panel} className={`absolute top-full ${align === 'left' ? 'left-0' : 'right-0'} z-10 mt-1 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-lg`}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}
