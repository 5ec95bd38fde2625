import { useSaveChannel } from '../../api/channels';
import type { Channel } from '../../api/alertTypes';
import { ActionMenu } from '../../components/ActionMenu';
import { FormError } from '../../components/FormError';
import { Switch } from '../../components/Switch';
import { channelBody, channelKindNames, describeChannel, draftOf } from './channelForm';
import { TestButton } from './TestButton';

export function ChannelItem({ channel, onEdit, onDelete }: { channel: Channel; onEdit: () => void; onDelete: () => void }) {
  const save = useSaveChannel(channel.id);
  const { name, kind, enabled, classic } = channel;
  return (
    <li data-testid="channel" className="py-3 pr-2 pl-4 sm:pl-5">
      <div className="flex items-start gap-2 sm:items-center">
        <div className={`min-w-0 flex-1 ${enabled ? '' : 'text-ink-soft'}`}>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 font-semibold break-words">{name}</span>
            <span className="rounded-md bg-track px-1.5 py-0.5 text-xs text-ink-soft">{channelKindNames[kind]}</span>
            {classic && <span className="rounded-md bg-track px-1.5 py-0.5 text-xs text-ink-soft" title="The recipient of the older StatusMonitor: it gets classic rules alone">Classic</span>}
          </p>
          <p className="text-[13px] wrap-anywhere text-ink-soft">{describeChannel(channel)}</p>
        </div>
        <Switch label={`${name} is used`} isOn={enabled} isDisabled={save.isPending} onChange={(next) => save.mutate(channelBody({ ...draftOf(channel), enabled: next }, channel))} />
        <ActionMenu
          of={name}
          actions={[
            { name: 'Edit…', to: onEdit },
            { name: 'Delete…', to: onDelete, isGrave: true },
          ]}
        />
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 pr-2">
        <TestButton id={channel.id} name={name} />
      </div>
      {save.error && (
        <div className="mt-2 pr-2">
          <FormError error={save.error} />
        </div>
      )}
    </li>
  );
}
