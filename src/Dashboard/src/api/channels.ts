import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { notificationsKeys } from '../live/keys';
import { useSession } from '../session/SessionContext';
import type { Channel, ChannelBody, ChannelList, ChannelTest, NotificationList, Routing, TelegramLink } from './alertTypes';

const channelsKey = ['channels'] as const;
const routingKey = ['alertRouting'] as const;
const path = '/api/v1/channels';

/** Failed notifications to look at; who has more has one problem, not a hundred. */
const failedLimit = 50;

/** A chat is linked from Telegram, of which no page hears otherwise. */
const watchMs = 2000;

export function useChannels({ isWatching = false } = {}) {
  const session = useSession();
  return useQuery({
    queryKey: channelsKey,
    queryFn: ({ signal }) => session.request<ChannelList>('GET', path, { signal }),
    staleTime: 0,
    refetchInterval: isWatching ? watchMs : false,
    // People go to Telegram and come back.
    refetchIntervalInBackground: true,
  });
}

/** A new channel, or what takes the place of the one with this id. */
export function useSaveChannel(id: number | null) {
  return useChannelChange((session, body: ChannelBody) => session.request<Channel>(id === null ? 'POST' : 'PUT', id === null ? path : `${path}/${id}`, { body }));
}

export function useDeleteChannel() {
  return useChannelChange((session, id: number) => session.request<void>('DELETE', `${path}/${id}`));
}

export function useTestChannel() {
  const session = useSession();
  return useMutation({ mutationFn: (id: number) => session.request<ChannelTest>('POST', `${path}/${id}/test`) });
}

/** A code that links a chat when it is sent to the bot. Each is good for a while, so a page that is opened again asks for another. */
export function useTelegramLink() {
  const session = useSession();
  return useQuery({
    queryKey: ['telegramLink'],
    queryFn: ({ signal }) => session.request<TelegramLink>('POST', `${path}/telegram/link`, { signal }),
    gcTime: 0,
  });
}

export function useRouting() {
  const session = useSession();
  return useQuery({
    queryKey: routingKey,
    queryFn: ({ signal }) => session.request<Routing>('GET', '/api/v1/alerts/routing', { signal }),
    refetchOnMount: 'always',
  });
}

export function useSaveRouting() {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Routing) => session.request<Routing | undefined>('PUT', '/api/v1/alerts/routing', { body }),
    onSettled: () => cache.invalidateQueries({ queryKey: routingKey }),
  });
}

/** Notifications that no channel will take any more. */
export function useFailedNotifications() {
  const session = useSession();
  return useQuery({
    queryKey: notificationsKeys,
    queryFn: ({ signal }) => session.request<NotificationList>('GET', `/api/v1/notifications?state=dead&limit=${failedLimit}`, { signal }),
    refetchOnMount: 'always',
  });
}

export function useRetryNotification() {
  return useNotificationChange((session, id: string) => session.request<void>('POST', `/api/v1/notifications/${encodeURIComponent(id)}/retry`));
}

export function useDismissNotification() {
  return useNotificationChange((session, id: string) => session.request<void>('DELETE', `/api/v1/notifications/${encodeURIComponent(id)}`));
}

function useChannelChange<TResult, TArgument>(change: (session: ReturnType<typeof useSession>, argument: TArgument) => Promise<TResult>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (argument: TArgument) => change(session, argument),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: channelsKey });
      // What waited for a channel that goes is dead with it.
      void cache.invalidateQueries({ queryKey: notificationsKeys });
    },
  });
}

function useNotificationChange(change: (session: ReturnType<typeof useSession>, id: string) => Promise<void>) {
  const session = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => change(session, id),
    onSettled: () => cache.invalidateQueries({ queryKey: notificationsKeys }),
  });
}
