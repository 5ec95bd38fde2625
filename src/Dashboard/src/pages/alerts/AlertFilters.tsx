import { useRules } from '../../api/rules';
import type { IncidentPage } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { FilterSelect } from '../../components/FilterSelect';
import { HostChip } from '../../components/HostChip';
import { HostChoice } from '../../components/HostChoice';
import { ChevronIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { SearchBox } from '../../components/SearchBox';
import { Segmented } from '../../components/Segmented';
import { alertTabs, defaultAlertsState, isNarrowed, type AlertsState } from '../../lib/alertsQuery';
import { incidentStateNames, severities, severityNames } from '../../lib/alertWords';

interface AlertFiltersProps {
  state: AlertsState;
  counts: IncidentPage['counts'] | undefined;
  onChange: (next: Partial<AlertsState>) => void;
}

const severityChoices = severities.map((value) => ({ value, name: severityNames[value] }));

export function AlertFilters({ state, counts, onChange }: AlertFiltersProps) {
  const { data: rules } = useRules();
  const label = (tab: AlertsState['show']) => {
    if (tab === 'all') return 'All';
    const count = tab === 'resolved' ? undefined : counts?.[tab];
    return count === undefined ? incidentStateNames[tab] : `${incidentStateNames[tab]} ${count.toLocaleString('en')}`;
  };
  return (
    <div className="mb-4 space-y-3">
      <div className="-mx-4 overflow-x-auto px-4 py-1 sm:mx-0 sm:px-0">
        <Segmented label="Which alerts" value={state.show} onChange={(show) => onChange({ show })} choices={alertTabs.map((value) => ({ value, label: label(value) }))} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox label="Search alerts by host, rule or series" placeholder="Search host, rule or series" maxLength={100} value={state.text} onChange={(text) => onChange({ text })} className="min-w-0 grow basis-full sm:max-w-sm sm:basis-56" />
        <FilterSelect name="Severity" all="All severities" choices={severityChoices} value={state.severity} onChange={(value) => onChange({ severity: severities.find((each) => each === value) ?? '' })} />
        <FilterSelect name="Rule" all="All rules" choices={(rules ?? []).map(({ id, name }) => ({ value: id.toString(), name }))} value={state.rule?.toString() ?? ''} onChange={(value) => onChange({ rule: value === '' ? null : Number(value) })} />
        {state.host === null ? (
          <Menu
            name="All hosts: choose one"
            align="left"
            buttonClassName="inline-flex h-10 items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3 hover:bg-raised"
            button={
              <>
                All hosts
                <ChevronIcon className="size-3.5" />
              </>
            }
          >
            {(close) => (
              <HostChoice
                except={[]}
                onChoose={({ id }) => {
                  close();
                  onChange({ host: id });
                }}
              />
            )}
          </Menu>
        ) : (
          <HostChip id={state.host} onRemove={() => onChange({ host: null })} />
        )}
        {isNarrowed(state) && (
          <Button look="quiet" onClick={() => onChange({ ...defaultAlertsState, show: state.show })}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}
