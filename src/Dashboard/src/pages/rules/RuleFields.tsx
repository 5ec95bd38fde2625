import { useState } from 'react';
import type { Condition, MissingData, RuleKind } from '../../api/alertTypes';
import { DurationField } from '../../components/DurationField';
import { ChevronIcon } from '../../components/icons';
import { Segmented } from '../../components/Segmented';
import { SelectField } from '../../components/SelectField';
import { TextField } from '../../components/TextField';
import { conditionNames, hasSeries, hasThreshold, kindNames, severities, severityNames } from '../../lib/alertWords';
import { formatBound, parseQuantity, unitOf } from '../../lib/quantity';
import { hasClear, hasFor, hasKeepFiring, hasMissingData, type RuleDraft, type RuleField } from './ruleForm';
import { ScopeField } from './ScopeField';
import { SeriesField } from './SeriesField';

const kinds: { value: RuleKind; name: string }[] = (['threshold', 'rate', 'forecast', 'noData', 'offline', 'rebooted'] as const).map((value) => ({ value, name: kindNames[value] }));
const conditions = (Object.entries(conditionNames) as [Condition, string][]).map(([value, name]) => ({ value, name: `is ${name}` }));

const kindHints: Record<RuleKind, string> = {
  threshold: 'Fires when the value is on the wrong side of a threshold.',
  rate: 'Fires by how fast a counter grows, per second: traffic, disk activity.',
  forecast: 'Fires when a straight line through the recent past reaches the threshold in time: a disk that fills up.',
  noData: 'Fires when the host reports, but not this series.',
  offline: 'Fires when the host does not report any more. A restart of this server takes nobody offline.',
  rebooted: 'Says that the host has started anew; it is over at once.',
  classic: '',
};

const missingDataChoices: { value: MissingData; name: string }[] = [
  { value: 'keep', name: 'Stay as it is, and say so' },
  { value: 'resolve', name: 'Be over' },
  { value: 'fire', name: 'Fire' },
];

interface RuleFieldsProps {
  draft: RuleDraft;
  onChange: (next: Partial<RuleDraft>) => void;
  /** What is wrong with a field. */
  faultOf: (field: RuleField) => string | null;
  /** Whose series are suggested. */
  hostId: number | null;
}

/** The fields of a rule, as its kind needs them. */
export function RuleFields({ draft, onChange, faultOf, hostId }: RuleFieldsProps) {
  const { kind } = draft;
  const [isMoreOpen, setMoreOpen] = useState(() => hasMore(draft));
  // What is wrong in there must be seen.
  if (!isMoreOpen && moreFields.some((field) => faultOf(field) !== null)) setMoreOpen(true);
  const isRate = kind === 'rate';
  const inWords = (text: string) => {
    const value = parseQuantity(text);
    // Said only where it says more than what was typed.
    return value === null || unitOf(draft.series) === 'percent' ? undefined : `= ${formatBound(value, unitOf(draft.series), isRate)}`;
  };
  return (
    <div className="space-y-5">
      <TextField label="Name" maxLength={100} value={draft.name} onChange={(name) => onChange({ name })} error={faultOf('name')} placeholder="CPU busy" hint="Stands in every notification." />
      <SelectField label="What it looks at" choices={kinds} value={kind} onChange={(next) => onChange({ kind: next })} hint={kindHints[kind]} />
      {hasSeries(kind) && <SeriesField value={draft.series} hostId={hostId} isRate={isRate} onChange={(series) => onChange({ series })} error={faultOf('series')} />}
      {hasThreshold(kind) && (
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label={kind === 'forecast' ? 'Fires when it will be' : 'Fires when it'} choices={kind === 'forecast' ? conditions.map(({ value, name }) => ({ value, name: name.replace('is ', '') })) : conditions} value={draft.condition} onChange={(condition) => onChange({ condition })} />
          <TextField label={isRate ? 'Threshold, per second' : 'Threshold'} inputMode="decimal" maxLength={30} value={draft.threshold} onChange={(threshold) => onChange({ threshold })} error={faultOf('threshold')} hint={inWords(draft.threshold)} />
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {kind === 'forecast' && <DurationField label="Within" value={draft.within} onChange={(within) => onChange({ within })} error={faultOf('withinSeconds')} hint="How far ahead it looks." />}
        {hasFor(kind) && <DurationField label={kind === 'offline' || kind === 'noData' ? 'Silent for' : 'For at least'} value={draft.forTime} onChange={(forTime) => onChange({ forTime })} error={faultOf('forSeconds')} hint={kind === 'offline' || kind === 'noData' ? 'So long without a word until it fires.' : 'So long without a break until it fires; 0 is at once.'} />}
        {hasClear(kind) && <TextField label="Over again at" isOptional inputMode="decimal" maxLength={30} value={draft.clearThreshold} onChange={(clearThreshold) => onChange({ clearThreshold })} error={faultOf('clearThreshold')} hint={inWords(draft.clearThreshold) ?? 'Another bound for the end keeps it from going on and off.'} />}
      </div>
      <ScopeField scope={draft.scope} onChange={(scope) => onChange({ scope })} error={faultOf('scope')} />
      <div>
        <p className="mb-1.5 font-medium">Severity</p>
        <Segmented label="Severity" value={draft.severity} onChange={(severity) => onChange({ severity })} choices={severities.toReversed().map((value) => ({ value, label: severityNames[value] }))} />
      </div>
      <details className="group rounded-xl border border-line" open={isMoreOpen} onToggle={(event) => setMoreOpen(event.currentTarget.open)}>
        <summary className="flex h-11 cursor-pointer items-center justify-between rounded-xl px-4 font-medium hover:bg-raised">
          {hasMissingData(kind) ? 'More: its end, repeats, missing data' : 'More: its end, repeats'}
          <ChevronIcon className="size-3.5 transition-transform group-open:rotate-180" />
        </summary>
        <div className="grid gap-4 border-t border-line p-4 sm:grid-cols-2">
          {hasKeepFiring(kind) && <DurationField label="Keep firing for" value={draft.keepFiring} onChange={(keepFiring) => onChange({ keepFiring })} error={faultOf('keepFiringForSeconds')} hint="So long must it be fine until it is over." />}
          {hasMissingData(kind) && <SelectField label="When there are no values it shall" choices={missingDataChoices} value={draft.missingData} onChange={(missingData) => onChange({ missingData })} hint="While the host itself reports." />}
          {kind !== 'rebooted' && <DurationField label="Tell again every" value={draft.repeat} onChange={(repeat) => onChange({ repeat })} error={faultOf('repeatSeconds')} hint="Until somebody acknowledges it; 0 is never." />}
          <DurationField label="Cooldown" value={draft.cooldown} onChange={(cooldown) => onChange({ cooldown })} error={faultOf('cooldownSeconds')} hint="What fires again sooner is kept, but nobody is told." />
        </div>
      </details>
    </div>
  );
}

const moreFields: RuleField[] = ['keepFiringForSeconds', 'repeatSeconds', 'cooldownSeconds'];

/** What is set there should be seen from the beginning. */
function hasMore({ keepFiring, repeat, cooldown, missingData }: RuleDraft): boolean {
  return [keepFiring, repeat, cooldown].some(({ count }) => count.trim() !== '' && count !== '0') || missingData !== 'keep';
}
