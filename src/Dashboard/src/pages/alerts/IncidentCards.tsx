import { Link } from 'wouter';
import type { Incident } from '../../api/alertTypes';
import { SeverityBadge } from '../../components/SeverityBadge';
import { incidentValue, summarise } from '../../lib/alertWords';
import { IncidentMenu } from './IncidentMenu';
import { IncidentNotes } from './IncidentNotes';
import { IncidentStateBadge } from './IncidentStateBadge';
import { IncidentTimes } from './IncidentTimes';
import type { IncidentAction } from './incidentActions';

/** The table's content where there is no room for its columns. */
export function IncidentCards({ incidents, hasHost = true, onAct }: { incidents: Incident[]; hasHost?: boolean; onAct: (action: IncidentAction, incident: Incident) => void }) {
  return (
    <ul className="space-y-3">
      {incidents.map((incident) => (
        <li key={incident.id} data-testid="incident" data-incident-id={incident.id} data-state={incident.state} className="rounded-xl border border-line bg-surface py-3 pr-2 pl-4 shadow-(--shadow)">
          <div className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
                <SeverityBadge severity={incident.severity} />
                <span className="text-[13px] text-ink-soft">
                  <IncidentTimes incident={incident} />
                </span>
              </div>
              <Link href={`/alerts/${incident.id}`} className="block font-semibold break-words hover:underline">
                {incident.rule.name}
              </Link>
              {hasHost && (
                <Link href={`/hosts/${incident.host.id}`} className="block truncate hover:underline" title={incident.host.name}>
                  {incident.host.name}
                </Link>
              )}
            </div>
            <IncidentMenu incident={incident} onAct={onAct} />
          </div>
          <p className="mt-1 pr-2 text-[13px] wrap-anywhere text-ink-soft">
            {summarise(incident)}
            {incident.peak !== null && <> · peak {incidentValue(incident, incident.peak)}</>}
          </p>
          <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1">
            <IncidentStateBadge state={incident.state} />
            {incident.acknowledgedBy !== null && <span className="min-w-0 truncate text-[13px] text-ink-soft">by {incident.acknowledgedBy}</span>}
            <IncidentNotes incident={incident} />
          </div>
        </li>
      ))}
    </ul>
  );
}
