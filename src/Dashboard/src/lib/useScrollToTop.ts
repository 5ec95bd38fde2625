import { useEffect } from 'react';

/** A page entered from far down a list begins at its top; the browser only knows one document. */
export function useScrollToTop(): void {
  useEffect(() => {
    scrollTo(0, 0);
  }, []);
}
