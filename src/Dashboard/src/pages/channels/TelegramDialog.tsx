import { useState } from 'react';
import { useChannels, useTelegramLink } from '../../api/channels';
import type { Channel, ChannelList } from '../../api/alertTypes';
import { Button } from '../../components/Button';
import { CopyButton } from '../../components/CopyButton';
import { Dialog } from '../../components/Dialog';
import { OnlineIcon } from '../../components/icons';
import { LoadError } from '../../components/LoadError';
import { Segmented } from '../../components/Segmented';
import { Skeleton } from '../../components/Skeleton';
import { formatCountdown } from '../../lib/format';
import { useTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';
import { ChannelForm } from './ChannelDialog';
import { newChannel } from './channelForm';
import { TestButton } from './TestButton';

type Way = 'link' | 'byHand';

/** A chat with the bot: linked by a code that is sent from there, or by its id. */
export function TelegramDialog({ list, onClose }: { list: ChannelList; onClose: () => void }) {
  const { enabled, problem = null } = list.available.telegram;
  const [way, setWay] = useState<Way>(enabled ? 'link' : 'byHand');
  return (
    <Dialog title="Add a Telegram chat" onClose={onClose}>
      <Segmented
        label="How"
        value={way}
        onChange={setWay}
        choices={[
          { value: 'link', label: 'Link a chat' },
          { value: 'byHand', label: 'Chat id by hand' },
        ]}
      />
      <div className="mt-5">
        {!enabled ? <NoBot /> : problem !== null && <p className="mb-4 rounded-lg bg-warn-soft px-3 py-2 text-[13px] break-words text-warn">The bot does not work at the moment: {problem}</p>}
        {way === 'byHand' ? <ChannelForm channel={null} begin={newChannel('telegram')} onDone={onClose} onCancel={onClose} /> : enabled && <LinkChat known={list.channels} onClose={onClose} />}
      </div>
    </Dialog>
  );
}

function NoBot() {
  return (
    <p className="mb-4 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
      This server has no bot yet, so nothing would arrive. Make one with @BotFather in Telegram and start the server with its token in <code className="font-mono">TELEGRAM_BOT_TOKEN</code>.
    </p>
  );
}

/** Waits until a chat that was not there before is among the channels. */
function LinkChat({ known, onClose }: { known: Channel[]; onClose: () => void }) {
  const [before] = useState(() => new Set(known.map(({ id }) => id)));
  const { data: list } = useChannels({ isWatching: true });
  const { data: link, error, refetch, isFetching } = useTelegramLink();
  const linked = list?.channels.find(({ id, kind }) => kind === 'telegram' && !before.has(id));
  if (linked) {
    return (
      <>
        <p role="status" className="flex items-center gap-3 rounded-xl bg-good-soft p-4 font-medium text-good">
          <OnlineIcon className="size-5" />
          <span className="min-w-0 break-words">{linked.name} is linked.</span>
        </p>
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <TestButton id={linked.id} name={linked.name} />
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </>
    );
  }

  if (!link) return error ? <LoadError what="A code" error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-40" />;
  const command = `/start ${link.code}`;
  return (
    <div className="space-y-5">
      {link.url !== null && (
        <div className="flex flex-wrap gap-2">
          <a href={link.url} target="_blank" rel="noreferrer" className="inline-flex h-11 items-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110">
            Open Telegram
          </a>
          {link.groupUrl && (
            <a href={link.groupUrl} target="_blank" rel="noreferrer" className="inline-flex h-11 items-center rounded-lg border border-line-strong/60 bg-surface px-4 hover:bg-raised">
              Add to a group
            </a>
          )}
        </div>
      )}
      <div>
        <p className="mb-1.5">
          {link.url === null ? 'Send' : 'Or send'} this to {link.bot === null ? 'the bot' : <strong className="font-semibold">@{link.bot}</strong>}, from the chat that is to get the alerts:
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <code data-testid="telegram-code" className="min-w-0 grow rounded-lg bg-raised px-3 py-2.5 font-mono text-[15px] font-semibold tracking-wide">
            {command}
          </code>
          <CopyButton text={command} label="Copy" />
        </div>
        <LinkCountdown expiresAt={Date.parse(link.expiresAt)} isRenewing={isFetching} onRenew={() => void refetch()} />
      </div>
      <div className="flex items-center justify-between gap-3 border-t border-line pt-4">
        <p role="status" className="flex items-center gap-2.5 text-ink-soft">
          <span className="size-2.5 animate-pulse rounded-full bg-accent" aria-hidden="true" />
          Waiting for the chat…
        </p>
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}

function LinkCountdown({ expiresAt, isRenewing, onRenew }: { expiresAt: number; isRenewing: boolean; onRenew: () => void }) {
  const { clock } = useLive();
  useTick();
  const left = expiresAt - clock.now();
  if (left > 0) {
    return (
      <p role="timer" aria-live="off" className="mt-2 text-[13px] text-ink-soft">
        Good for <span className="font-semibold text-ink">{formatCountdown(left)}</span>, once. Whoever sends it gets your alerts.
      </p>
    );
  }

  return (
    <div className="mt-2 flex flex-wrap items-center justify-between gap-2 rounded-lg bg-bad-soft py-1.5 pr-1.5 pl-3">
      <p role="status" className="text-[13px] font-medium text-bad">
        The code is no longer good.
      </p>
      <Button onClick={onRenew} disabled={isRenewing}>
        {isRenewing ? 'Making one…' : 'Make a new code'}
      </Button>
    </div>
  );
}
