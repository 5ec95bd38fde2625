import { Link } from 'wouter';
import { DotsIcon } from './icons';
import { Menu } from './Menu';
import { menuItemLook } from './menuLooks';

interface Action {
  name: string;
  /** What it does, or where it leads. */
  to: string | (() => void);
  /** It takes something away. */
  isGrave?: boolean;
}

interface ActionMenuProps {
  /** What the actions are for, in the button's spoken name. */
  of: string;
  actions: readonly Action[];
  isBusy?: boolean;
}

/** The actions for one line of a list, behind three dots. */
export function ActionMenu({ of, actions, isBusy = false }: ActionMenuProps) {
  return (
    <Menu name={`Actions for ${of}`} button={<DotsIcon />} buttonClassName="grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-track hover:text-ink">
      {(close) =>
        actions.map(({ name, to, isGrave = false }) => {
          const look = `${menuItemLook} ${isGrave ? 'text-bad' : ''}`;
          if (typeof to === 'string') {
            return (
              <Link key={name} href={to} className={look}>
                {name}
              </Link>
            );
          }

          return (
            <button
              key={name}
              type="button"
              disabled={isBusy}
              className={look}
              onClick={() => {
                close();
                to();
              }}
            >
              {name}
            </button>
          );
        })
      }
    </Menu>
  );
}
