import type { Incident } from '../../api/alertTypes';
import { ActionMenu } from '../../components/ActionMenu';
import { actionsFor, incidentActionNames, type IncidentAction } from './incidentActions';

export function IncidentMenu({ incident, onAct }: { incident: Incident; onAct: (action: IncidentAction, incident: Incident) => void }) {
  return <ActionMenu of={`${incident.rule.name} of ${incident.host.name}`} actions={actionsFor(incident).map((action) => ({ name: incidentActionNames[action], to: () => onAct(action, incident) }))} />;
}
