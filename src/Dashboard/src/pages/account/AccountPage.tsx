import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { formatDate } from '../../lib/format';
import { roleNames } from '../../lib/roleNames';
import { useScrollToTop } from '../../lib/useScrollToTop';
import { useTitle } from '../../lib/useTitle';
import { useAccount } from '../../session/SessionContext';
import { EnrolmentSection } from './EnrolmentSection';
import { NoticesSection } from './NoticesSection';
import { PasswordSection } from './PasswordSection';
import { SessionsSection } from './SessionsSection';

export function AccountPage() {
  const account = useAccount();
  useScrollToTop();
  useTitle('Account');
  return (
    <div className="mx-auto max-w-6xl">
      <PageHeading title="Account" />
      <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="grid gap-4 sm:grid-cols-2 sm:items-start lg:grid-cols-1">
          <Panel title="Profile">
            <dl className="space-y-2.5">
              <Fact name="User name">{account.username}</Fact>
              <Fact name="Role">{roleNames[account.role]}</Fact>
              <Fact name="Account since">{formatDate(account.createdAt)}</Fact>
            </dl>
          </Panel>
          <PasswordSection />
        </div>
        <div className="grid min-w-0 gap-4">
          <SessionsSection />
          <NoticesSection />
          <EnrolmentSection />
        </div>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-ink-faint">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
