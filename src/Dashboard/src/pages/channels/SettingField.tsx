import { Button } from '../../components/Button';
import { SelectField } from '../../components/SelectField';
import { TextAreaField } from '../../components/TextAreaField';
import { TextField } from '../../components/TextField';
import type { ChannelSetting } from './channelForm';

interface SettingFieldProps {
  setting: ChannelSetting;
  /** A secret that is set already. */
  isStored: boolean;
  /** Undefined of a secret that is to stay. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  error: string | null;
}

export function SettingField({ setting, isStored, value, onChange, error }: SettingFieldProps) {
  const { label, hint, placeholder, isOptional = false, isSecret = false, isLong = false, choices } = setting;
  if (choices) return <SelectField label={label} hint={hint} choices={choices} value={value ?? choices[0]?.value ?? ''} onChange={onChange} error={error} />;
  if (isStored && value === undefined) {
    return (
      <div>
        <p className="mb-1.5 font-medium">{label}</p>
        <div className="flex flex-wrap items-center gap-2 rounded-lg bg-raised py-1.5 pr-1.5 pl-3">
          <span className="min-w-0 grow text-ink-soft">Is set, and not shown again</span>
          <Button onClick={() => onChange('')}>Change</Button>
        </div>
        {error && (
          <p role="alert" className="mt-1.5 text-[13px] text-bad">
            {error}
          </p>
        )}
      </div>
    );
  }

  const common = { label, isOptional, error, value: value ?? '', onChange, ...(placeholder !== undefined && { placeholder }) };
  if (isLong) return <TextAreaField {...common} hint={hint} rows={3} spellCheck={false} className="font-mono text-[13px]" />;
  if (!isSecret) return <TextField {...common} hint={hint} />;
  return (
    <div>
      {/* An address can be checked by eye while it is typed; the others need not be seen over a shoulder. */}
      <TextField {...common} hint={hint} {...(setting.name !== 'url' && { type: 'password', autoComplete: 'new-password' })} />
      {isStored && (
        <Button look="quiet" className="mt-1 h-8! px-2! text-[13px]" onClick={() => onChange(undefined)}>
          Keep the one that is set
        </Button>
      )}
    </div>
  );
}
