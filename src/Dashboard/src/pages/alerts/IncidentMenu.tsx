import type { Incident } from '../../api/alertTypes';
import { DotsIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { menuItemLook } from '../../components/menuLooks';
import { actionsFor, incidentActionNames, type IncidentAction } from './incidentActions';

export function IncidentMenu({ incident, onAct }: { incident: Incident; onAct: (action: IncidentAction, incident: Incident) => void }) {
  return (
    <Menu name={`Actions for ${incident.rule.name} of ${incident.host.name}`} button={<DotsIcon />} buttonClassName="grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-track hover:text-ink">
      {(close) =>
        actionsFor(incident).map((action) => (
          <button
            key={action}
            type="button"
            className={menuItemLook}
            onClick={() => {
              close();
              onAct(action, incident);
            }}
          >
            {incidentActionNames[action]}
          </button>
        ))
      }
    </Menu>
  );
}
