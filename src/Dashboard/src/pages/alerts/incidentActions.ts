import type { Incident } from '../../api/alertTypes';

export type IncidentAction = 'acknowledge' | 'unacknowledge' | 'comment' | 'silence';

export const incidentActionNames: Record<IncidentAction, string> = {
  acknowledge: 'Acknowledge',
  unacknowledge: 'Take acknowledgement back',
  comment: 'Comment…',
  silence: 'Silence…',
};

/** What may be done with an incident, most likely first. */
export function actionsFor({ state, mayChange }: Pick<Incident, 'state' | 'mayChange'>): IncidentAction[] {
  const own: IncidentAction[] = state === 'open' ? ['acknowledge'] : state === 'acknowledged' ? ['unacknowledge'] : [];
  // A silence is of one's own account, which anybody may have.
  return mayChange ? [...own, 'comment', 'silence'] : ['silence'];
}
