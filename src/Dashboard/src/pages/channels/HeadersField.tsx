import { Button } from '../../components/Button';
import { inputLook } from '../../components/fieldLooks';
import { CloseIcon, PlusIcon } from '../../components/icons';
import { maxHeaders, type HeaderDraft } from './channelForm';

/** Headers of a webhook's requests. Their values are secret. */
export function HeadersField({ headers, onChange }: { headers: HeaderDraft[]; onChange: (headers: HeaderDraft[]) => void }) {
  const change = (at: number, next: Partial<HeaderDraft>) => onChange(headers.map((header, i) => (i === at ? { ...header, ...next } : header)));
  return (
    <div role="group" aria-label="Headers">
      <div className="mb-1.5 flex h-5 items-center justify-between gap-2">
        <p className="font-medium">Headers</p>
        <span className="text-[13px] text-ink-faint">optional</span>
      </div>
      <ul className="space-y-2">
        {headers.map((header, i) => (
          <li key={i} className="flex items-center gap-2">
            <input aria-label={`Name of header ${i + 1}`} placeholder="Authorization" spellCheck={false} maxLength={100} readOnly={header.value === null} value={header.name} onChange={(event) => change(i, { name: event.target.value })} className={`h-11 min-w-0 flex-1 ${inputLook}`} />
            {header.value === null ? (
              <Button className="h-11 min-w-0 flex-1" onClick={() => change(i, { value: '' })}>
                <span className="truncate">Is set: change</span>
              </Button>
            ) : (
              <input aria-label={`Value of header ${i + 1}`} placeholder="Bearer …" type="password" autoComplete="new-password" maxLength={1000} value={header.value} onChange={(event) => change(i, { value: event.target.value })} className={`h-11 min-w-0 flex-1 ${inputLook}`} />
            )}
            <button type="button" aria-label={`Remove header ${header.name || i + 1}`} onClick={() => onChange(headers.filter((_, other) => other !== i))} className="grid size-10 shrink-0 place-items-center rounded-lg text-ink-faint hover:bg-raised hover:text-ink">
              <CloseIcon className="size-3.5" />
            </button>
          </li>
        ))}
      </ul>
      {headers.length < maxHeaders && (
        <Button className="mt-2" onClick={() => onChange([...headers, { name: '', value: '' }])}>
          <PlusIcon />
          Add header
        </Button>
      )}
    </div>
  );
}
