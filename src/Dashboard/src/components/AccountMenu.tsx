import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { useAccount, useSession } from '../session/SessionContext';
import { roleNames } from '../lib/roleNames';
import { ChevronIcon, PersonIcon, SignOutIcon } from './icons';
import { Menu } from './Menu';
import { administratorsPages } from './mainPages';
import { menuItemLook } from './menuLooks';

export function AccountMenu() {
  const session = useSession();
  const account = useAccount();
  const [path, navigate] = useLocation();
  const signOut = useMutation({
    mutationFn: () => session.signOut(),
    // Who comes next has no business on the page this one was on.
    onSuccess: () => navigate('/', { replace: true }),
  });
  return (
    <Menu
      name={`Account menu of ${account.username}`}
      buttonClassName="inline-flex h-10 min-w-10 items-center justify-center gap-2 rounded-lg px-2 text-ink-soft hover:bg-raised hover:text-ink"
      button={
        <>
          <PersonIcon className="size-[18px]" />
          <span className="max-w-40 truncate max-md:hidden">{account.username}</span>
          <ChevronIcon className="size-3.5 max-md:hidden" />
        </>
      }
    >
      {(close) => (
        <>
          <div className="mb-1 max-w-64 border-b border-line px-2.5 pt-1 pb-2.5">
            <p className="truncate font-semibold" title={account.username}>
              {account.username}
            </p>
            <p className="text-[13px] text-ink-soft">{roleNames[account.role]}</p>
          </div>
          <Link href="/account" onClick={close} className={menuItemLook} aria-current={path === '/account' ? 'page' : undefined}>
            <PersonIcon />
            Account
          </Link>
          {account.role === 'administrator' &&
            administratorsPages.map(({ href, name, isAt, icon: Icon }) => (
              <Link key={href} href={href} onClick={close} className={`sm:hidden ${menuItemLook}`} aria-current={isAt(path) ? 'page' : undefined}>
                <Icon />
                {name}
              </Link>
            ))}
          <button type="button" onClick={() => signOut.mutate()} disabled={signOut.isPending} className={menuItemLook}>
            <SignOutIcon />
            {signOut.isPending ? 'Signing out…' : 'Sign out'}
          </button>
          {signOut.isError && (
            <p role="alert" className="max-w-64 px-2.5 py-1.5 text-[13px] text-bad">
              You are still signed in. {signOut.error.message}
            </p>
          )}
        </>
      )}
    </Menu>
  );
}
