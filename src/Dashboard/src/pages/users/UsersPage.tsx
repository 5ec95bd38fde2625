import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useUsers } from '../../api/users';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { PlusIcon } from '../../components/icons';
import { ListSkeleton } from '../../components/ListSkeleton';
import { Notice } from '../../components/Notice';
import { PageHeading } from '../../components/PageHeading';
import { Pager } from '../../components/Pager';
import { SearchBox } from '../../components/SearchBox';
import { plural } from '../../lib/format';
import { useMediaQuery } from '../../lib/useMediaQuery';
import { formatUsersState, parseUsersState, toUserQuery, usersPageSize, type UsersState } from '../../lib/usersQuery';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { AddUserDialog } from './AddUserDialog';
import { UserDialogs } from './UserDialogs';
import { UserCards } from './UserCards';
import { UserTable } from './UserTable';
import type { AskedUserAction } from './userActions';

export function UsersPage() {
  const [params, setParams] = useSearchParams();
  const state = parseUsersState(params);
  const { data: page, error, refetch, isPlaceholderData } = useUsers(toUserQuery(state));
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<AskedUserAction | null>(null);
  const isWide = useMediaQuery('(min-width: 768px)');
  useScrollToTop();
  useTitle('Users');

  const change = (next: Partial<UsersState>) => {
    setParams(new URLSearchParams(formatUsersState({ ...state, page: 1, ...next })), { replace: next.search !== undefined });
  };
  const content = () => {
    if (!page) {
      if (error) return <Notice title="The users could not be loaded" action="Try again" onAction={() => void refetch()}>{error.message}</Notice>;
      return <ListSkeleton rows={6} />;
    }

    if (page.users.length === 0) {
      return (
        <EmptyState title="Nobody fits" action={<Button onClick={() => change({ search: '' })}>Show all users</Button>}>
          {state.page > 1 && page.matched > 0 ? 'This page of the list is past its end.' : 'Try another search.'}
        </EmptyState>
      );
    }

    return (
      <div className={`transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`} aria-busy={isPlaceholderData}>
        {isWide ? <UserTable users={page.users} onAsk={setAsked} /> : <UserCards users={page.users} onAsk={setAsked} />}
        <Pager page={state.page} pageSize={usersPageSize} matched={page.matched} what="users" onPage={(next) => change({ page: next })} />
      </div>
    );
  };

  return (
    <div className="mx-auto max-w-6xl">
      <PageHeading
        title="Users"
        action={
          <Button look="primary" onClick={() => setAdding(true)}>
            <PlusIcon />
            Add user
          </Button>
        }
      >
        {page ? `${plural(page.total, 'account', 'accounts')}. ` : ''}Users see their own hosts and those shared with them; administrators see all and manage the accounts.
      </PageHeading>
      <SearchBox label="Search users" placeholder="Search users" maxLength={64} value={state.search} onChange={(search) => change({ search })} className="mb-4 sm:max-w-sm" />
      {content()}
      {isAdding && <AddUserDialog onClose={() => setAdding(false)} />}
      {asked && <UserDialogs asked={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}
