import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { inSight, type Stretch } from '../../lib/visibleHosts';

/** What of a list is drawn, how, and which of it is really in sight. */
export interface Drawn extends Stretch {
  columns: number;
  pitch: number;
  seen: Stretch;
}

/** How the rows of a list are laid out; lengths are in rem. */
export interface RowShape {
  pitch: number;
  /** Narrowest item with its gap; null for one in a row. */
  itemWidth: number | null;
  gap: number;
}

const isSame = (a: Drawn, b: Drawn) =>
  a.first === b.first && a.end === b.end && a.columns === b.columns && a.pitch === b.pitch && a.seen.first === b.seen.first && a.seen.end === b.seen.end;

/**
 * Follows the window over a list of rows that all have one height: where they are is known without drawing them, so tens of thousands take no more
 * than fit on the screen. Begins at `start`, where somebody was before. Null until it is laid out.
 */
export function useDrawn(list: RefObject<HTMLElement | null>, shape: RowShape, count: number, start: number): Drawn | null {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const startAt = useRef(start);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const columns = shape.itemWidth === null ? 1 : Math.max(1, Math.floor((element.clientWidth / rem + shape.gap) / shape.itemWidth));
      const pitch = shape.pitch * rem;
      const above = startAt.current > 0 ? Math.floor(startAt.current / columns) * pitch : -element.getBoundingClientRect().top;
      const rows = { count, columns, pitch };
      const next = { ...inSight(above, innerHeight, rows), columns, pitch, seen: inSight(above, innerHeight, rows, 0) };
      setDrawn((known) => (known && isSame(known, next) ? known : next));
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(measure);
    };
    schedule();
    const sizes = new ResizeObserver(schedule);
    sizes.observe(element);
    addEventListener('scroll', schedule, { passive: true });
    addEventListener('resize', schedule);
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      removeEventListener('scroll', schedule);
      removeEventListener('resize', schedule);
    };
  }, [list, shape, count]);

  // The list has its height only now, so only now there is a place to go to.
  useLayoutEffect(() => {
    if (!drawn || !list.current || startAt.current === 0) return;
    const row = Math.floor(startAt.current / drawn.columns);
    startAt.current = 0;
    scrollTo(0, scrollY + list.current.getBoundingClientRect().top + row * drawn.pitch);
  }, [list, drawn]);

  return drawn;
}
