import { useState } from 'react';
import { Link } from 'wouter';
import { useChannels, useDeleteChannel } from '../../api/channels';
import type { Channel, ChannelKind } from '../../api/alertTypes';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Menu } from '../../components/Menu';
import { menuItemLook } from '../../components/menuLooks';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AlertsNavigation } from '../alerts/AlertsNavigation';
import { ChannelDialog } from './ChannelDialog';
import { ChannelItem } from './ChannelItem';
import { channelKindNames, channelKinds, draftOf, newChannel } from './channelForm';
import { FailedNotifications } from './FailedNotifications';
import { TelegramDialog } from './TelegramDialog';

/** The question or form that stands over the page. */
type Asked = { what: 'add'; kind: ChannelKind } | { what: 'edit' | 'delete'; channel: Channel };

export function ChannelsPage() {
  const { data: list, error, refetch } = useChannels();
  const remove = useDeleteChannel();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  useScrollToTop();
  useTitle('Channels');

  const ask = (next: Asked) => {
    remove.reset();
    setAsked(next);
  };
  const content = () => {
    if (!list) {
      if (error) return <Notice title="The channels could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={3} />;
    }

    if (list.channels.length === 0) return <EmptyState title="Nobody is told yet">Alerts are seen here, and go nowhere else until there is a channel: a Telegram chat, an e-mail address, a webhook.</EmptyState>;
    return (
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-(--shadow)">
        {list.channels.map((channel) => (
          <ChannelItem key={channel.id} channel={channel} onEdit={() => ask({ what: 'edit', channel })} onDelete={() => ask({ what: 'delete', channel })} />
        ))}
      </ul>
    );
  };

  return (
    <>
      <AlertsNavigation />
      <div className="mx-auto max-w-6xl">
        <PageHeading
          title="Channels"
          action={
            <Menu
              name="Add channel"
              buttonClassName="inline-flex h-10 items-center gap-2 rounded-lg bg-accent px-3.5 font-medium text-on-accent hover:brightness-110"
              button={
                <>
                  <PlusIcon />
                  Add channel
                </>
              }
            >
              {(closeMenu) =>
                channelKinds.map((kind) => (
                  <button
                    key={kind}
                    type="button"
                    className={menuItemLook}
                    onClick={() => {
                      closeMenu();
                      ask({ what: 'add', kind });
                    }}
                  >
                    {channelKindNames[kind]}
                  </button>
                ))
              }
            </Menu>
          }
        >
          Where alerts are told.{' '}
          {/* Which of them go where is set elsewhere. */}
          <Link href="/alerts/routing" className="text-accent-ink underline underline-offset-2">
            Routing
          </Link>{' '}
          says which go where; without it, all go everywhere. This browser can tell you as well: see your{' '}
          <Link href="/account" className="text-accent-ink underline underline-offset-2">
            account
          </Link>
          .
        </PageHeading>
        <div className="space-y-4">
          {content()}
          <FailedNotifications />
        </div>
        {asked?.what === 'add' && list && (asked.kind === 'telegram' ? <TelegramDialog list={list} onClose={close} /> : <ChannelDialog title={`Add ${channelKindNames[asked.kind]}`} channel={null} begin={newChannel(asked.kind)} onClose={close} />)}
        {asked?.what === 'edit' && <ChannelDialog title={`Change ${asked.channel.name}`} channel={asked.channel} begin={draftOf(asked.channel)} onClose={close} />}
        {asked?.what === 'delete' && (
          <ConfirmDialog
            title={`Delete ${asked.channel.name}?`}
            action="Delete channel"
            acting="Deleting…"
            isDanger
            isPending={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate(asked.channel.id, { onSuccess: close })}
            onClose={close}
          >
            <p>Nothing is sent there any more, also of what is waiting. Routes that name it go on without it.</p>
          </ConfirmDialog>
        )}
      </div>
    </>
  );
}
