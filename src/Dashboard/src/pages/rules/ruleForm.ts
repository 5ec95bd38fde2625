import type { Condition, MissingData, Rule, RuleBody, RuleKind, RuleScope, Severity } from '../../api/alertTypes';
import { hasSeries, hasThreshold } from '../../lib/alertWords';
import { joinDuration, splitDuration, type DurationDraft } from '../../lib/duration';
import { formatBytes } from '../../lib/format';
import { parseQuantity, unitOf } from '../../lib/quantity';

/** What stands in the form: numbers as the texts that were typed. What a kind has no use for stays, in case the kind is changed back. */
export interface RuleDraft {
  name: string;
  kind: RuleKind;
  scope: { kind: RuleScope['kind']; group: string; tag: string; hostId: number | null };
  series: string;
  condition: Condition;
  threshold: string;
  clearThreshold: string;
  forTime: DurationDraft;
  keepFiring: DurationDraft;
  severity: Severity;
  missingData: MissingData;
  cooldown: DurationDraft;
  repeat: DurationDraft;
  within: DurationDraft;
  enabled: boolean;
}

export type RuleField = 'name' | 'scope' | 'series' | 'threshold' | 'clearThreshold' | 'forSeconds' | 'keepFiringForSeconds' | 'cooldownSeconds' | 'repeatSeconds' | 'withinSeconds';

export type RuleFaults = Partial<Record<RuleField, string>>;

export function newRule(): RuleDraft {
  return {
    name: '', kind: 'threshold', scope: { kind: 'all', group: '', tag: '', hostId: null }, series: 'cpu.percent', condition: 'atOrAbove', threshold: '90', clearThreshold: '',
    forTime: { count: '5', unit: 'min' }, keepFiring: { count: '', unit: 'min' }, severity: 'warning', missingData: 'keep', cooldown: { count: '', unit: 'min' },
    repeat: { count: '', unit: 'h' }, within: { count: '24', unit: 'h' }, enabled: true,
  };
}

export function draftOf(rule: Rule): RuleDraft {
  const usual = newRule();
  const unit = unitOf(rule.series);
  const { kind, name, hostId } = rule.scope;
  return {
    ...usual, name: rule.name, kind: rule.kind, condition: rule.condition, severity: rule.severity, missingData: rule.missingData, enabled: rule.enabled,
    scope: { kind, group: kind === 'group' ? (name ?? '') : '', tag: kind === 'tag' ? (name ?? '') : '', hostId: hostId ?? null },
    series: rule.series ?? usual.series,
    threshold: hasThreshold(rule.kind) ? quantityText(rule.threshold, unit) : usual.threshold,
    clearThreshold: rule.clearThreshold === null || rule.clearThreshold === undefined ? '' : quantityText(rule.clearThreshold, unit),
    forTime: splitDuration(rule.forSeconds, 'min'),
    keepFiring: splitDuration(rule.keepFiringForSeconds || null, 'min'),
    cooldown: splitDuration(rule.cooldownSeconds || null, 'min'),
    repeat: splitDuration(rule.repeatSeconds || null, 'h'),
    within: rule.withinSeconds ? splitDuration(rule.withinSeconds, 'h') : usual.within,
  };
}

/** What is sent, or what must be mended first. The server has the last word on both. */
export function ruleBody(draft: RuleDraft): { body: RuleBody } | { faults: RuleFaults } {
  const { kind, condition, severity, missingData, enabled } = draft;
  const faults: RuleFaults = {};
  const isBounded = hasThreshold(kind);
  const threshold = parseQuantity(draft.threshold);
  const clearThreshold = draft.clearThreshold.trim() === '' ? null : parseQuantity(draft.clearThreshold);
  const duration = (field: RuleField, value: DurationDraft, isUsed: boolean) => {
    const seconds = isUsed ? joinDuration(value) : 0;
    if (seconds === null) faults[field] = 'Enter a number.';
    return seconds ?? 0;
  };
  const body: RuleBody = {
    name: draft.name.trim(), kind, condition: isBounded ? condition : 'above', severity, missingData: hasMissingData(kind) ? missingData : 'keep', enabled,
    scope: scopeOf(draft.scope),
    series: hasSeries(kind) ? draft.series.trim() : null,
    threshold: isBounded ? (threshold ?? 0) : 0,
    clearThreshold: hasClear(kind) ? clearThreshold : null,
    forSeconds: duration('forSeconds', draft.forTime, hasFor(kind)),
    keepFiringForSeconds: duration('keepFiringForSeconds', draft.keepFiring, hasKeepFiring(kind)),
    cooldownSeconds: duration('cooldownSeconds', draft.cooldown, true),
    repeatSeconds: duration('repeatSeconds', draft.repeat, kind !== 'rebooted'),
    withinSeconds: kind === 'forecast' ? duration('withinSeconds', draft.within, true) : null,
  };
  if (body.name === '') faults.name = 'Give it a name.';
  if (body.scope.kind === 'host' && !body.scope.hostId) faults.scope = 'Choose the host.';
  if ((body.scope.kind === 'group' || body.scope.kind === 'tag') && !body.scope.name) faults.scope = `Enter the ${body.scope.kind}.`;
  if (body.series === '') faults.series = 'Choose a series.';
  if (isBounded && threshold === null) faults.threshold = 'Enter a number, such as 90 or 1.5 GiB.';
  if (hasClear(kind) && draft.clearThreshold.trim() !== '' && clearThreshold === null) faults.clearThreshold = 'Enter a number, or nothing.';
  return Object.keys(faults).length > 0 ? { faults } : { body };
}

export const hasFor = (kind: RuleKind) => kind !== 'rebooted' && kind !== 'classic';
export const hasKeepFiring = (kind: RuleKind) => kind !== 'rebooted' && kind !== 'classic';
export const hasClear = (kind: RuleKind) => kind === 'threshold' || kind === 'rate' || kind === 'forecast';
export const hasMissingData = (kind: RuleKind) => kind === 'threshold' || kind === 'rate' || kind === 'forecast';

function scopeOf({ kind, group, tag, hostId }: RuleDraft['scope']): RuleScope {
  switch (kind) {
    case 'group':
      return { kind, name: group.trim() };
    case 'tag':
      return { kind, name: tag.trim() };
    case 'host':
      return { kind, hostId };
    default:
      return { kind };
  }
}

/** As somebody would type it: `1.5 GiB` where that is exactly what it is. */
export function quantityText(value: number, unit: string): string {
  if (unit !== 'bytes') return value.toString();
  const text = formatBytes(value);
  return parseQuantity(text) === value ? text : value.toString();
}
