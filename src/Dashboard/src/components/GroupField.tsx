import { useId } from 'react';
import { maxGroupLength } from '../lib/tags';
import { TextField } from './TextField';

/** The one group a host is in: one that there is, or a new one. */
export function GroupField({ value, onChange, known = [], error = null }: { value: string; onChange: (group: string) => void; known?: string[]; error?: string | null }) {
  const list = useId();
  return (
    <>
      <TextField label="Group" isOptional list={list} maxLength={maxGroupLength} value={value} onChange={onChange} error={error} hint="A place, a customer, a purpose: the fleet can be narrowed to it." />
      <datalist id={list}>
        {known.map((group) => (
          <option key={group} value={group} />
        ))}
      </datalist>
    </>
  );
}
