import type { Condition, Incident, IncidentRule, IncidentState, RuleBody, RuleKind, RuleScope, Severity } from '../api/alertTypes';
import { formatExactly } from './duration';
import { formatValue } from './format';
import { formatBound, unitOf } from './quantity';

export const severities: readonly Severity[] = ['critical', 'warning', 'info'];
export const severityNames: Record<Severity, string> = { critical: 'Critical', warning: 'Warning', info: 'Info' };

export const incidentStateNames: Record<IncidentState, string> = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' };

export const kindNames: Record<RuleKind, string> = {
  threshold: 'Value of a series',
  rate: 'Rate of a counter',
  forecast: 'Forecast of a series',
  noData: 'No data of a series',
  offline: 'Host offline',
  rebooted: 'Host rebooted',
  classic: 'Classic rule',
};

export const conditionNames: Record<Condition, string> = { above: 'above', atOrAbove: 'at or above', below: 'below', atOrBelow: 'at or below' };

/** Whether a kind looks at a series, and whether it compares it with a threshold. */
export const hasSeries = (kind: RuleKind) => kind !== 'offline' && kind !== 'rebooted';
export const hasThreshold = (kind: RuleKind) => hasSeries(kind) && kind !== 'noData';

/** What a rule looks for, in words: `cpu.percent at or above 90% for 5 min`. */
export function describeCondition(rule: Pick<RuleBody, 'kind' | 'series' | 'condition' | 'threshold' | 'forSeconds' | 'withinSeconds'> & { metric?: string | null }): string {
  const series = rule.series ?? '';
  const duration = rule.forSeconds > 0 ? ` for ${formatExactly(rule.forSeconds)}` : '';
  const bound = () => `${conditionNames[rule.condition]} ${formatBound(rule.threshold, unitOf(series), rule.kind === 'rate')}`;
  switch (rule.kind) {
    case 'offline':
      return `The host does not report${duration}`;
    case 'rebooted':
      return 'The host has started anew';
    case 'noData':
      return `No value of ${series}${duration}, though the host reports`;
    case 'forecast':
      return `${series} will be ${bound()}${rule.withinSeconds ? ` within ${formatExactly(rule.withinSeconds)}` : ''}`;
    case 'classic':
      return `${rule.metric ?? series} ${conditionNames[rule.condition]} ${formatBound(rule.threshold, 'percent')}`;
    default:
      return `${series} ${bound()}${duration}`;
  }
}

/** Which hosts a rule is for. The name of a single host is known elsewhere. */
export function describeScope(scope: RuleScope): string {
  switch (scope.kind) {
    case 'all':
      return 'All your hosts';
    case 'group':
      return `Group ${scope.name ?? ''}`;
    case 'tag':
      return `Tag ${scope.name ?? ''}`;
    case 'host':
      return `Host ${scope.hostId ?? ''}`;
  }
}

/** The condition of an incident's rule, which knows its unit: `at or above 90% for 5 min`; empty where the rule's name says it all. */
export function describeBound(rule: IncidentRule): string {
  if (!hasThreshold(rule.kind)) return '';
  const duration = rule.forSeconds > 0 && rule.kind !== 'forecast' ? ` for ${formatExactly(rule.forSeconds)}` : '';
  return `${conditionNames[rule.condition]} ${boundOf(rule, rule.threshold)}${duration}`;
}

export const boundOf = (rule: IncidentRule, value: number) => formatBound(value, rule.unit ?? '', rule.kind === 'rate');

/** A value of the incident's series. */
export function incidentValue({ rule }: Pick<Incident, 'rule'>, value: number | null): string {
  const unit = rule.unit ?? '';
  // A rule on 90.5% has something to say about tenths.
  if (value !== null && unit === 'percent') return `${value.toFixed(value < 99.95 && !Number.isInteger(value) ? 1 : 0)}%`;
  return formatValue(value, unit, rule.kind === 'rate');
}

/** What is wrong, in a line below the rule's name. */
export function summarise(incident: Pick<Incident, 'rule' | 'series' | 'value'>): string {
  const { rule, series, value } = incident;
  switch (rule.kind) {
    case 'offline':
      return 'The host does not report';
    case 'rebooted':
      return 'The host has started anew';
    case 'noData':
      return `No value of ${series ?? 'the series'}`;
    default: {
      const bound = describeBound(rule);
      const now = value === null ? '' : ` ${incidentValue(incident, value)},`;
      return `${series ?? ''}${now} ${rule.kind === 'forecast' ? 'heading ' : ''}${bound}`.trim();
    }
  }
}
