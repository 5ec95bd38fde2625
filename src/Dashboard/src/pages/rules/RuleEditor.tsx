import { useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { fieldError, formError } from '../../api/ApiError';
import { useHostSearch } from '../../api/hosts';
import { useRulePreview, useSaveRule } from '../../api/rules';
import type { Rule } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { Panel } from '../../components/Panel';
import { Switch } from '../../components/Switch';
import { readChoice, storeChoice } from '../../lib/storedChoice';
import { useDebounced } from '../../lib/useDebounced';
import { previewRanges, type PreviewRange } from './previewWords';
import { draftOf, newRule, ruleBody, type RuleDraft, type RuleField } from './ruleForm';
import { RuleFields } from './RuleFields';
import { RulePreviewPanel } from './RulePreviewPanel';

/** While somebody types. */
const previewDelayMs = 400;

/** A preview needs no name, and must not be made anew for one. */
const previewName = 'Preview';

const fields: RuleField[] = ['name', 'scope', 'series', 'threshold', 'clearThreshold', 'forSeconds', 'keepFiringForSeconds', 'cooldownSeconds', 'repeatSeconds', 'withinSeconds'];

/** The form of a rule, and beside it what the rule would have done. */
export function RuleEditor({ rule }: { rule: Rule | null }) {
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(() => (rule ? draftOf(rule) : newRule()));
  const [isChecked, setChecked] = useState(false);
  const [chosenHost, setChosenHost] = useState<number | null>(rule?.scope.hostId ?? null);
  const [range, setRange] = useState<PreviewRange>(() => previewRanges.find(({ value }) => value === readChoice('previewRange'))?.value ?? '-7d');
  const { data: hosts } = useHostSearch('', 1);
  const hostId = draft.scope.kind === 'host' && draft.scope.hostId !== null && chosenHost === null ? draft.scope.hostId : (chosenHost ?? hosts?.[0]?.id ?? null);
  const save = useSaveRule(rule?.id ?? null);

  const read = ruleBody(draft);
  // For whom it is makes no difference to one host.
  const asked = ruleBody({ ...draft, name: previewName, scope: { ...draft.scope, kind: 'all' }, enabled: true });
  const settled = useDebounced('body' in asked ? asked.body : null, previewDelayMs);
  const preview = useRulePreview(settled && hostId !== null ? { rule: settled, hostId, from: range } : null);

  const change = (next: Partial<RuleDraft>) => {
    save.reset();
    setDraft({ ...draft, ...next });
  };
  const faultOf = (field: RuleField) => {
    const fault = 'faults' in read ? (read.faults[field] ?? null) : null;
    // What is not filled in yet is no fault; what the server says of the rest is worth knowing at once.
    return (isChecked ? fault : null) ?? fieldError(save.error, field) ?? (fault === null && field !== 'name' ? fieldError(preview.error, field) : null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if ('body' in read) save.mutate(read.body, { onSuccess: () => navigate('/alerts/rules') });
  };
  const chooseRange = (next: PreviewRange) => {
    storeChoice('previewRange', next);
    setRange(next);
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]">
      <Panel
        title={rule ? 'Rule' : 'New rule'}
        aside={
          <div className="flex items-center gap-1">
            <span className="text-[13px] text-ink-soft" aria-hidden="true">
              {draft.enabled ? 'On' : 'Off'}
            </span>
            <Switch label="The rule is used" isOn={draft.enabled} onChange={(enabled) => change({ enabled })} />
          </div>
        }
      >
        <form onSubmit={submit} noValidate>
          <RuleFields draft={draft} onChange={change} faultOf={faultOf} hostId={hostId} />
          <div className="mt-5 empty:hidden">
            <FormError error={formError(save.error, ...fields)} />
          </div>
          <div className="mt-5 flex flex-wrap justify-end gap-2 border-t border-line pt-4">
            <Link href="/alerts/rules" className="inline-flex h-10 items-center rounded-lg px-3.5 text-ink-soft hover:bg-raised hover:text-ink">
              Cancel
            </Link>
            <Button type="submit" look="primary" disabled={save.isPending}>
              {save.isPending ? 'Saving…' : rule ? 'Save' : 'Make rule'}
            </Button>
          </div>
        </form>
      </Panel>
      <div className="min-w-0 lg:sticky lg:top-18">
        <RulePreviewPanel rule={settled} hostId={hostId} range={range} preview={preview} onHost={setChosenHost} onRange={chooseRange} />
      </div>
    </div>
  );
}
