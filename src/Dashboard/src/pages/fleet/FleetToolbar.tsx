import type { FleetSort } from '../../api/types';
import { Button } from '../../components/Button';
import { selectLook } from '../../components/fieldLooks';
import { FilterSelect } from '../../components/FilterSelect';
import { CardsIcon, CompareIcon, DownIcon, PlusIcon, RowsIcon, UpIcon } from '../../components/icons';
import { SearchBox } from '../../components/SearchBox';
import { Segmented } from '../../components/Segmented';
import { descendingAtFirst, sorts, type FleetState } from '../../lib/fleetQuery';
import type { FleetLayout } from './layout';

const sortNames: Record<FleetSort, string> = {
  name: 'Name',
  status: 'Status',
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  network: 'Network',
  lastSeen: 'Last seen',
};

interface FleetToolbarProps {
  state: FleetState;
  /** What there is to filter by. */
  groups: string[];
  tags: string[];
  onChange: (next: Partial<FleetState>) => void;
  /** Null where there is only room for cards. */
  layout: FleetLayout | null;
  onLayout: (layout: FleetLayout) => void;
  /** Null while hosts are picked already. */
  onCompare: (() => void) | null;
  onAdd: () => void;
}

export function FleetToolbar({ state, groups, tags, onChange, layout, onLayout, onCompare, onAdd }: FleetToolbarProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search hosts by name"
        placeholder="Search hosts"
        maxLength={100}
        value={state.search}
        onChange={(search) => onChange({ search })}
        className="min-w-0 grow basis-full sm:max-w-sm sm:basis-48"
      />
      <div className="flex min-w-0 basis-full gap-2 empty:hidden sm:basis-auto">
        <FilterSelect name="Group" all="All groups" choices={groups} value={state.group} onChange={(group) => onChange({ group })} />
        <FilterSelect name="Tag" all="All tags" choices={tags} value={state.tag} onChange={(tag) => onChange({ tag })} />
      </div>
      <div className="flex min-w-0 grow items-center gap-2 sm:grow-0">
        <label className="relative min-w-0">
          <span className="sr-only">Sort by</span>
          <select
            value={state.sort}
            onChange={(event) => {
              const sort = sorts.find((s) => s === event.target.value) ?? 'name';
              onChange({ sort, descending: descendingAtFirst(sort) });
            }}
            className={selectLook}
          >
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {sortNames[sort]}
              </option>
            ))}
          </select>
        </label>
        <Button
          className="w-10 px-0!"
          onClick={() => onChange({ descending: !state.descending })}
          aria-label={state.descending ? 'Sorted from high to low; turn round' : 'Sorted from low to high; turn round'}
          title={state.descending ? 'From high to low' : 'From low to high'}
        >
          {state.descending ? <DownIcon /> : <UpIcon />}
        </Button>
      </div>
      <div className="ml-auto flex items-center gap-2">
        {layout && (
          <Segmented
            label="Layout"
            value={layout}
            onChange={onLayout}
            choices={[
              { value: 'cards', label: <CardsIcon />, name: 'Cards' },
              { value: 'rows', label: <RowsIcon />, name: 'Rows' },
            ]}
          />
        )}
        {onCompare && (
          <Button onClick={onCompare}>
            <CompareIcon />
            Compare
          </Button>
        )}
        <Button look="primary" onClick={onAdd}>
          <PlusIcon />
          Add host
        </Button>
      </div>
    </div>
  );
}
