import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { addTags, maxTagLength, maxTags } from '../lib/tags';
import { Field } from './Field';
import { CloseIcon } from './icons';

interface TagsFieldProps {
  label?: string;
  hint?: string;
  tags: string[];
  onChange: (tags: string[]) => void;
  /** Tags of other hosts, to choose from. */
  known?: string[];
  error?: string | null;
}

export function TagsField({ label = 'Tags', hint = 'Enter or a comma ends a tag.', tags, onChange, known = [], error = null }: TagsFieldProps) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const isFull = tags.length >= maxTags;

  const take = (text: string) => {
    onChange(addTags(tags, text));
    setTyped('');
  };
  const remove = (tag: string) => {
    onChange(tags.filter((each) => each !== tag));
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter in an empty field sends the form, as in any other.
    if (event.key === 'Enter' && typed.trim()) {
      event.preventDefault();
      take(typed);
    } else if (event.key === 'Backspace' && typed === '' && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  };

  return (
    <Field label={label} isOptional error={error} hint={isFull ? `There can be ${maxTags} at most.` : hint}>
      {(tied) => (
        <div className="flex min-h-11 flex-wrap items-center gap-1.5 rounded-lg border border-line-strong bg-surface p-1.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent-ink">
          {tags.length > 0 && (
            <ul aria-label="Chosen" className="contents">
              {tags.map((tag) => (
                <li key={tag} className="inline-flex max-w-full items-center rounded-md bg-track pl-2 text-[13px]">
                  <span className="truncate">{tag}</span>
                  <button type="button" onClick={() => remove(tag)} aria-label={`${label}: remove ${tag}`} className="grid size-8 shrink-0 place-items-center rounded-md text-ink-soft hover:text-ink">
                    <CloseIcon className="size-3" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            {...tied}
            ref={input}
            list={list}
            autoComplete="off"
            spellCheck={false}
            maxLength={maxTagLength}
            disabled={isFull}
            value={typed}
            onChange={(event) => (event.target.value.includes(',') ? take(event.target.value) : setTyped(event.target.value))}
            onKeyDown={onKeyDown}
            onBlur={() => typed.trim() && take(typed)}
            className="h-8 min-w-24 flex-1 bg-transparent px-1.5 outline-none"
          />
          <datalist id={list}>
            {known.filter((tag) => !tags.includes(tag)).map((tag) => <option key={tag} value={tag} />)}
          </datalist>
        </div>
      )}
    </Field>
  );
}
