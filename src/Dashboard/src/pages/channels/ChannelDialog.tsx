import { useState, type FormEvent } from 'react';
import { fieldError, formError } from '../../api/ApiError';
import { useSaveChannel } from '../../api/channels';
import type { Channel } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { FormError } from '../../components/FormError';
import { TextField } from '../../components/TextField';
import { channelBody, channelSettings, type ChannelDraft } from './channelForm';
import { HeadersField } from './HeadersField';
import { SettingField } from './SettingField';

interface ChannelDialogProps {
  title: string;
  /** The channel that is changed, or null for a new one. */
  channel: Channel | null;
  begin: ChannelDraft;
  onClose: () => void;
}

/** A channel's settings, as its kind has them. */
export function ChannelDialog({ title, channel, begin, onClose }: ChannelDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <ChannelForm channel={channel} begin={begin} onDone={onClose} onCancel={onClose} />
    </Dialog>
  );
}

export function ChannelForm({ channel, begin, onDone, onCancel }: { channel: Channel | null; begin: ChannelDraft; onDone: () => void; onCancel: () => void }) {
  const [draft, setDraft] = useState(begin);
  const save = useSaveChannel(channel?.id ?? null);
  const settings = channelSettings[draft.kind];
  const change = (next: Partial<ChannelDraft>) => {
    save.reset();
    setDraft({ ...draft, ...next });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(channelBody(draft, channel), { onSuccess: onDone });
  };
  const own = ['name', ...settings.map(({ name }) => `settings.${name}`)];
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <TextField label="Name" maxLength={100} value={draft.name} onChange={(name) => change({ name })} error={fieldError(save.error, 'name')} placeholder="On call" />
      {settings.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          isStored={channel?.secrets.includes(setting.name) ?? false}
          value={(setting.isSecret ? draft.secrets : draft.settings)[setting.name]}
          onChange={(value) => {
            const part = setting.isSecret ? 'secrets' : 'settings';
            change({ [part]: withSetting(draft[part], setting.name, value) });
          }}
          error={fieldError(save.error, `settings.${setting.name}`)}
        />
      ))}
      {draft.kind === 'webhook' && <HeadersField headers={draft.headers} onChange={(headers) => change({ headers })} />}
      <FormError error={formError(save.error, ...own)} />
      <div className="flex justify-end gap-2 pt-1">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : channel ? 'Save' : 'Add channel'}
        </Button>
      </div>
    </form>
  );
}

/** Undefined takes it out. */
function withSetting(settings: Record<string, string>, name: string, value: string | undefined): Record<string, string> {
  const others = Object.entries(settings).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}
