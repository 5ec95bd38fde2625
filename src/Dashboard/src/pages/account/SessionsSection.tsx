import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useEndSession, useSessions } from '../../api/account';
import type { SessionInfo } from '../../api/types';
import { Button } from '../../components/Button';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { FormError } from '../../components/FormError';
import { DeviceIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { LoadError } from '../../components/LoadError';
import { Panel } from '../../components/Panel';
import { RelativeTime } from '../../components/RelativeTime';
import { deviceName } from '../../lib/deviceName';
import { formatDate, formatMoment } from '../../lib/format';
import { useSession } from '../../session/SessionContext';

export function SessionsSection() {
  const session = useSession();
  const { data: sessions, error, refetch } = useSessions();
  const end = useEndSession();
  const endAll = useMutation({ mutationFn: () => session.signOutEverywhere() });
  const [isAsked, setAsked] = useState(false);
  return (
    <Panel title="Sessions" aside={<Button onClick={() => setAsked(true)}>Sign out everywhere</Button>}>
      <p className="mb-1 text-ink-soft">Where you are signed in. End one you do not know, and change your password.</p>
      {sessions ? (
        <ul className="divide-y divide-line">
          {sessions.map((each) => (
            <SessionItem key={each.id} session={each} isEnding={end.isPending && end.variables === each.id} onEnd={() => end.mutate(each.id)} />
          ))}
        </ul>
      ) : error ? (
        <LoadError what="Your sessions" error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton />
      )}
      <FormError error={end.error} />
      {isAsked && (
        <ConfirmDialog
          title="Sign out everywhere?"
          action="Sign out everywhere"
          acting="Signing out…"
          isDanger
          isPending={endAll.isPending}
          error={endAll.error}
          onConfirm={() => endAll.mutate()}
          onClose={() => setAsked(false)}
        >
          <p>Every session ends at once, on all devices and here as well. Agents are not concerned: they have tokens of their own.</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function SessionItem({ session, isEnding, onEnd }: { session: SessionInfo; isEnding: boolean; onEnd: () => void }) {
  const name = deviceName(session.userAgent);
  return (
    <li className="flex items-center gap-3 py-3">
      <DeviceIcon className="size-5 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium" title={session.userAgent ?? undefined}>
          {name}
          {session.isCurrent && <span className="rounded-full bg-good-soft px-2 py-0.5 text-xs text-good">This one</span>}
        </p>
        <p className="mt-0.5 text-[13px] break-words text-ink-soft">
          {session.address && <>{session.address} · </>}
          last used <RelativeTime at={Date.parse(session.lastUsedAt)} /> · <span className="whitespace-nowrap" title={`Since ${formatMoment(session.createdAt)}; ends ${formatMoment(session.expiresAt)} if it is not used`}>since {formatDate(session.createdAt)}</span>
        </p>
      </div>
      {!session.isCurrent && (
        <Button onClick={onEnd} disabled={isEnding} aria-label={`End session of ${name}${session.address ? ` at ${session.address}` : ''}`}>
          {isEnding ? 'Ending…' : 'End session'}
        </Button>
      )}
    </li>
  );
}
