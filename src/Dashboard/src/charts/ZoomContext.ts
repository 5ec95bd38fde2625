import { createContext, useContext } from 'react';

/** What a page does with a stretch that somebody marked in one of its charts, Unix milliseconds. */
export type Zoom = (from: number, to: number) => void;

export const ZoomContext = createContext<Zoom | null>(null);

export function useZoom(): Zoom | null {
  return useContext(ZoomContext);
}
