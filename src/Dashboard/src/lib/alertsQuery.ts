import type { IncidentQuery, IncidentState, Severity } from '../api/alertTypes';
import { severities } from './alertWords';

export const incidentPageSize = 50;

/** What the alerts page shows; lives in the address. */
export interface AlertsState {
  show: IncidentState | 'all';
  severity: Severity | '';
  host: number | null;
  rule: number | null;
  text: string;
  /** Where the page before ended. */
  after: string;
}

export const alertTabs: readonly AlertsState['show'][] = ['open', 'acknowledged', 'resolved', 'all'];

export const defaultAlertsState: AlertsState = { show: 'open', severity: '', host: null, rule: null, text: '', after: '' };

/** Whatever the address says, the answer is a state the page can show. */
export function parseAlertsState(params: URLSearchParams): AlertsState {
  return {
    show: alertTabs.find((tab) => tab === params.get('state')) ?? 'open',
    severity: severities.find((severity) => severity === params.get('severity')) ?? '',
    host: idOf(params.get('host')),
    rule: idOf(params.get('rule')),
    text: (params.get('q') ?? '').slice(0, 100),
    after: params.get('after') ?? '',
  };
}

/** The shortest address for a state: what is as usual is left out. */
export function formatAlertsState(state: AlertsState): string {
  const params = new URLSearchParams();
  if (state.show !== 'open') params.set('state', state.show);
  if (state.severity) params.set('severity', state.severity);
  if (state.host !== null) params.set('host', state.host.toString());
  if (state.rule !== null) params.set('rule', state.rule.toString());
  if (state.text) params.set('q', state.text);
  if (state.after) params.set('after', state.after);
  return params.toString();
}

export function alertsPath(state: Partial<AlertsState>): string {
  const text = formatAlertsState({ ...defaultAlertsState, ...state });
  return `/alerts${text && `?${text}`}`;
}

export function toIncidentQuery({ show, severity, host, rule, text, after }: AlertsState): IncidentQuery {
  return {
    ...(show !== 'all' && { state: [show] }),
    ...(severity && { severity: [severity] }),
    ...(host !== null && { host }),
    ...(rule !== null && { rule }),
    ...(text.trim() && { q: text.trim() }),
    ...(after && { after }),
    limit: incidentPageSize,
  };
}

/** Whether only a part is shown, so that an empty list is no surprise. */
export function isNarrowed({ severity, host, rule, text }: AlertsState): boolean {
  return severity !== '' || host !== null || rule !== null || text.trim() !== '';
}

function idOf(text: string | null): number | null {
  const id = Number(text);
  return text !== null && Number.isSafeInteger(id) && id > 0 ? id : null;
}
