import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '../../components/Button';
import { selectLook } from '../../components/fieldLooks';
import { CloseIcon } from '../../components/icons';
import { defaultAuditState, isFiltered, type AuditState } from '../../lib/auditQuery';
import { actionGroups, actionName, actionWords } from '../../lib/auditWords';

interface AuditFiltersProps {
  state: AuditState;
  onChange: (next: Partial<AuditState>) => void;
}

export function AuditFilters({ state, onChange }: AuditFiltersProps) {
  const [actor, setActor] = useState(state.actor);
  const takeActor = () => {
    if (actor.trim() !== state.actor) onChange({ actor: actor.trim() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    takeActor();
  };
  return (
    <form onSubmit={submit} className="mb-4 grid grid-cols-2 items-end gap-x-2 gap-y-3 sm:grid-cols-3 lg:flex lg:flex-wrap">
      <Filter label="Who">
        {/* A name is looked for as a whole, so it is taken when it is finished. */}
        <input
          type="search"
          placeholder="Anybody"
          maxLength={64}
          autoCapitalize="off"
          spellCheck={false}
          value={actor}
          onChange={(event) => (event.target.value === '' ? onChange({ actor: '' }) : undefined, setActor(event.target.value))}
          onBlur={takeActor}
          className={`w-full lg:w-44 ${selectLook}`}
        />
      </Filter>
      <Filter label="What">
        <select value={state.action} onChange={(event) => onChange({ action: event.target.value })} className={`w-full lg:w-56 ${selectLook}`}>
          <option value="">Everything</option>
          {actionGroups.map(({ prefix, name }) => (
            <optgroup key={prefix} label={name}>
              <option value={prefix}>{name}: everything</option>
              {Object.keys(actionWords)
                .filter((action) => action.startsWith(prefix))
                .map((action) => (
                  <option key={action} value={action}>
                    {actionName(action)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </Filter>
      <Filter label="Outcome">
        <select value={state.outcome} onChange={(event) => onChange({ outcome: event.target.value as AuditState['outcome'] })} className={`w-full lg:w-36 ${selectLook}`}>
          <option value="">All</option>
          <option value="ok">Done</option>
          <option value="failed">Refused</option>
        </select>
      </Filter>
      <Filter label="From">
        <input type="date" max={state.to || undefined} value={state.from} onChange={(event) => onChange({ from: event.target.value })} className={`w-full ${selectLook}`} />
      </Filter>
      <Filter label="To">
        <input type="date" min={state.from || undefined} value={state.to} onChange={(event) => onChange({ to: event.target.value })} className={`w-full ${selectLook}`} />
      </Filter>
      {(state.targetKind || state.targetId) && (
        <Filter label="About">
          <span className="inline-flex h-10 max-w-full items-center rounded-lg border border-accent bg-accent-soft pl-3 text-accent-ink">
            <span className="truncate">{`${state.targetKind} ${state.targetId}`.trim()}</span>
            <button type="button" aria-label="About anything" onClick={() => onChange({ targetKind: '', targetId: '' })} className="grid size-9 shrink-0 place-items-center">
              <CloseIcon className="size-3.5" />
            </button>
          </span>
        </Filter>
      )}
      {isFiltered(state) && (
        <Button look="quiet" className="max-lg:col-span-full max-lg:-ml-3.5 max-lg:justify-self-start" onClick={() => onChange(defaultAuditState)}>
          Clear filters
        </Button>
      )}
    </form>
  );
}

function Filter({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="min-w-0 max-lg:w-full">
      <span className="mb-1 block text-[13px] text-ink-soft">{label}</span>
      {children}
    </label>
  );
}
