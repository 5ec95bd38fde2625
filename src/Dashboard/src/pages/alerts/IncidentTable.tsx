import { Link } from 'wouter';
import type { Incident } from '../../api/alertTypes';
import { SeverityBadge } from '../../components/SeverityBadge';
import { incidentValue, summarise } from '../../lib/alertWords';
import { IncidentMenu } from './IncidentMenu';
import { IncidentNotes } from './IncidentNotes';
import { IncidentStateBadge } from './IncidentStateBadge';
import { IncidentTimes } from './IncidentTimes';
import type { IncidentAction } from './incidentActions';

interface IncidentTableProps {
  incidents: Incident[];
  /** False on the page of the one host. */
  hasHost?: boolean;
  onAct: (action: IncidentAction, incident: Incident) => void;
}

export function IncidentTable({ incidents, hasHost = true, onAct }: IncidentTableProps) {
  return (
    <div className="rounded-xl border border-line bg-surface shadow-(--shadow)">
      <table className="w-full border-collapse text-left [&_td]:px-2 [&_td]:first:pl-5 [&_th]:h-10 [&_th]:px-2 [&_th]:font-medium [&_th]:first:pl-5">
        <thead className="text-[13px] text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col" className="w-28">Severity</th>
            <th scope="col">Alert</th>
            {hasHost && <th scope="col" className="w-[18%]">Host</th>}
            <th scope="col" className="w-44">When</th>
            <th scope="col" className="w-24 text-right">Peak</th>
            <th scope="col" className="w-48 pl-6!">State</th>
            <th scope="col" className="w-14">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((incident) => (
            <tr key={incident.id} data-testid="incident" data-incident-id={incident.id} data-state={incident.state} className="border-b border-line last:border-0 hover:bg-raised [&>td]:py-2">
              <td>
                <SeverityBadge severity={incident.severity} />
              </td>
              <td className="max-w-0">
                <Link href={`/alerts/${incident.id}`} className="block truncate font-semibold hover:underline" title={incident.rule.name}>
                  {incident.rule.name}
                </Link>
                <p className="truncate text-[13px] text-ink-soft" title={summarise(incident)}>
                  {summarise(incident)}
                </p>
                <IncidentNotes incident={incident} className="mt-1" />
              </td>
              {hasHost && (
                <td className="max-w-0">
                  <Link href={`/hosts/${incident.host.id}`} className="block truncate hover:underline" title={incident.host.name}>
                    {incident.host.name}
                  </Link>
                </td>
              )}
              <td className="text-[13px] text-ink-soft">
                <IncidentTimes incident={incident} />
              </td>
              <td className="text-right">{incidentValue(incident, incident.peak)}</td>
              <td className="max-w-0 pl-6!">
                <IncidentStateBadge state={incident.state} />
                {incident.acknowledgedBy !== null && (
                  <span className="mt-0.5 block truncate text-[13px] text-ink-soft" title={`by ${incident.acknowledgedBy}`}>
                    by {incident.acknowledgedBy}
                  </span>
                )}
              </td>
              <td className="pr-2!">
                <IncidentMenu incident={incident} onAct={onAct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
