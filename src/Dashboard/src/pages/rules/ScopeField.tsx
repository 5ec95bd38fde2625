import { useId } from 'react';
import { useKnownLabels } from '../../api/hosts';
import type { RuleScope } from '../../api/alertTypes';
import { HostsField } from '../../components/HostsField';
import { SelectField } from '../../components/SelectField';
import { TextField } from '../../components/TextField';
import type { RuleDraft } from './ruleForm';

const choices: { value: RuleScope['kind']; name: string }[] = [
  { value: 'all', name: 'All your hosts' },
  { value: 'group', name: 'Hosts of a group' },
  { value: 'tag', name: 'Hosts with a tag' },
  { value: 'host', name: 'One host' },
];

/** Which hosts a rule is for. */
export function ScopeField({ scope, onChange, error }: { scope: RuleDraft['scope']; onChange: (scope: RuleDraft['scope']) => void; error: string | null }) {
  const list = useId();
  const known = useKnownLabels();
  const names = scope.kind === 'group' ? known.groups : known.tags;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField label="Hosts" choices={choices} value={scope.kind} onChange={(kind) => onChange({ ...scope, kind })} hint={scope.kind === 'all' ? 'New hosts as well, from their first report on.' : undefined} />
      {scope.kind === 'group' && <TextField label="Group" list={list} maxLength={50} value={scope.group} onChange={(group) => onChange({ ...scope, group })} error={error} />}
      {scope.kind === 'tag' && <TextField label="Tag" list={list} maxLength={50} value={scope.tag} onChange={(tag) => onChange({ ...scope, tag })} error={error} />}
      {scope.kind === 'host' && <HostsField label="Host" most={1} hosts={scope.hostId === null ? [] : [scope.hostId]} onChange={([hostId = null]) => onChange({ ...scope, hostId })} error={error} />}
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}
