import type { Channel, Route, Rule } from '../../api/alertTypes';
import { DotsIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { menuItemLook } from '../../components/menuLooks';
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
    { name: 'Edit…', act: onEdit, look: '' },
    ...(place > 0 ? [{ name: 'Move up', act: () => onMove(place - 1), look: '' }] : []),
    ...(place < count - 1 ? [{ name: 'Move down', act: () => onMove(place + 1), look: '' }] : []),
    { name: 'Delete', act: onRemove, look: 'text-bad' },
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
      <Menu name={`Actions for route ${place + 1}`} button={<DotsIcon />} buttonClassName="-my-1.5 grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-track hover:text-ink">
        {(close) =>
          actions.map(({ name, act, look }) => (
            <button
              key={name}
              type="button"
              disabled={isBusy}
              className={`${menuItemLook} ${look}`}
              onClick={() => {
                close();
                act();
              }}
            >
              {name}
            </button>
          ))
        }
      </Menu>
    </li>
  );
}
