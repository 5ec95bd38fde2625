import type { TokenInfo } from '../../api/types';
import { Button } from '../../components/Button';
import { CheckIcon, LateIcon, OfflineIcon } from '../../components/icons';
import { RelativeTime } from '../../components/RelativeTime';
import { formatMoment, formatUntil } from '../../lib/format';
import { useTick } from '../../lib/ticker';
import { useLive } from '../../live/LiveContext';

export function TokenItem({ token, onRevoke }: { token: TokenInfo; onRevoke: () => void }) {
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium">
          Token {token.id}
          <TokenStanding token={token} />
        </p>
        <p className="mt-0.5 text-[13px] text-ink-soft">
          Made {formatMoment(token.createdAt)}
          {token.isActivated && (
            <>
              {' · '}
              {token.lastUsedAt === null ? 'not used lately' : <>last used <RelativeTime at={Date.parse(token.lastUsedAt)} /></>}
            </>
          )}
        </p>
      </div>
      <Button onClick={onRevoke} aria-label={`Revoke token ${token.id}`}>
        Revoke
      </Button>
    </li>
  );
}

function TokenStanding({ token }: { token: TokenInfo }) {
  const { clock } = useLive();
  useTick();
  const left = Date.parse(token.expiresAt) - clock.now();
  if (token.isActivated) return <Standing icon={CheckIcon} look="bg-good-soft text-good">In use</Standing>;
  if (left > 0) return <Standing icon={LateIcon} look="bg-warn-soft text-warn">Not used yet, void {formatUntil(left)}</Standing>;
  return <Standing icon={OfflineIcon} look="bg-idle-soft text-idle">Void: not used in time</Standing>;
}

function Standing({ icon: Icon, look, children }: { icon: typeof CheckIcon; look: string; children: string | (string | number)[] }) {
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium ${look}`}>
      <Icon className="size-3" />
      {children}
    </span>
  );
}
