import type { Channel, Route, Rule } from '../../api/alertTypes';
import { ActionMenu } from '../../components/ActionMenu';
import { describeChannels, describeEscalation, describeMatch } from './routingForm';

interface RouteItemProps {
  route: Route;
  place: number;
  count: number;
  channels: readonly Channel[];
  rules: readonly Rule[];
  isBusy: boolean;
  onEdit: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

export function RouteItem({ route, place, count, channels, rules, isBusy, onEdit, onMove, onRemove }: RouteItemProps) {
  const actions = [
    { name: 'Edit…', to: onEdit },
    ...(place > 0 ? [{ name: 'Move up', to: () => onMove(place - 1) }] : []),
    ...(place < count - 1 ? [{ name: 'Move down', to: () => onMove(place + 1) }] : []),
    { name: 'Delete', to: onRemove, isGrave: true },
  ];
  return (
    <li data-testid="route" className="flex items-start gap-3 py-3">
      <span className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-track text-[13px] text-ink-soft" aria-hidden="true">
        {place + 1}
      </span>
      <div className="min-w-0 flex-1 break-words">
        <p className="font-medium">{describeMatch(route, rules)}</p>
        <p className="text-ink-soft">
          To {describeChannels(route.channels, channels)}
          {route.last && ', and no further route'}
        </p>
        {route.escalations.map((escalation, i) => (
          <p key={i} className="text-[13px] text-ink-soft">
            {describeEscalation(escalation, channels)}
          </p>
        ))}
      </div>
      <div className="-my-1.5">
        <ActionMenu of={`route ${place + 1}`} actions={actions} isBusy={isBusy} />
      </div>
    </li>
  );
}
