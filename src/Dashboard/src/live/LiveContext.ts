import { createContext, useContext } from 'react';
import type { Live } from './Live';

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('The page is outside of LiveContext.');
  return live;
}
