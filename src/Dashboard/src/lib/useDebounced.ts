import { useEffect, useState } from 'react';

/** A value once it has kept still for so long. Values are told apart by their text, so that an equal one is none. */
export function useDebounced<T>(value: T, ms: number): T {
  const text = JSON.stringify(value);
  const [settled, setSettled] = useState({ text, value });
  useEffect(() => {
    if (text === settled.text) return;
    const timer = setTimeout(() => setSettled({ text, value: JSON.parse(text) as T }), ms);
    return () => clearTimeout(timer);
  }, [text, settled.text, ms]);
  return settled.value;
}
