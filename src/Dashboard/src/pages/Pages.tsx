import { lazy, Suspense, type ReactNode } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { PageSkeleton } from '../components/PageSkeleton';
import { useAccount } from '../session/SessionContext';
import { FleetPage } from './fleet/FleetPage';
import { HostPageSkeleton } from './host/HostPageSkeleton';
import { NotAllowedPage } from './NotAllowedPage';
import { NotFoundPage } from './NotFoundPage';

// The charts are most of the code and no part of the first page; what is rarely needed waits as well.
const HostPage = lazy(() => import('./host/HostPage').then((module) => ({ default: module.HostPage })));
const HostSettingsPage = lazy(() => import('./host-settings/HostSettingsPage').then((module) => ({ default: module.HostSettingsPage })));
const ComparePage = lazy(() => import('./compare/ComparePage').then((module) => ({ default: module.ComparePage })));
const AccountPage = lazy(() => import('./account/AccountPage').then((module) => ({ default: module.AccountPage })));
const UsersPage = lazy(() => import('./users/UsersPage').then((module) => ({ default: module.UsersPage })));
const AlertsPage = lazy(() => import('./alerts/AlertsPage').then((module) => ({ default: module.AlertsPage })));
const IncidentPage = lazy(() => import('./incident/IncidentPage').then((module) => ({ default: module.IncidentPage })));
const RulesPage = lazy(() => import('./rules/RulesPage').then((module) => ({ default: module.RulesPage })));
const NewRulePage = lazy(() => import('./rules/RulePage').then((module) => ({ default: module.NewRulePage })));
const RulePage = lazy(() => import('./rules/RulePage').then((module) => ({ default: module.RulePage })));
const ChannelsPage = lazy(() => import('./channels/ChannelsPage').then((module) => ({ default: module.ChannelsPage })));
const RoutingPage = lazy(() => import('./routing/RoutingPage').then((module) => ({ default: module.RoutingPage })));
const SilencesPage = lazy(() => import('./silences/SilencesPage').then((module) => ({ default: module.SilencesPage })));
const AuditPage = lazy(() => import('./audit/AuditPage').then((module) => ({ default: module.AuditPage })));
const SystemPage = lazy(() => import('./system/SystemPage').then((module) => ({ default: module.SystemPage })));

/** The pages of who is signed in. */
export function Pages() {
  const isAdministrator = useAccount().role === 'administrator';
  return (
    <Switch>
      <Route path="/" component={FleetPage} />
      <Route path="/hosts/:id">{({ id }) => <Later skeleton={<HostPageSkeleton />} page={<HostPage key={id} id={id} />} />}</Route>
      <Route path="/hosts/:id/settings">{({ id }) => <Later page={<HostSettingsPage key={id} id={id} />} />}</Route>
      <Route path="/compare">
        <Later page={<ComparePage />} />
      </Route>
      <Route path="/alerts">
        <Later page={<AlertsPage />} />
      </Route>
      <Route path="/alerts/rules">
        <Later page={<RulesPage />} />
      </Route>
      <Route path="/alerts/rules/new">
        <Later page={<NewRulePage />} />
      </Route>
      <Route path="/alerts/rules/:id">{({ id }) => <Later page={<RulePage key={id} id={id} />} />}</Route>
      <Route path="/alerts/channels">
        <Later page={<ChannelsPage />} />
      </Route>
      <Route path="/alerts/routing">
        <Later page={<RoutingPage />} />
      </Route>
      <Route path="/alerts/silences">
        <Later page={<SilencesPage />} />
      </Route>
      <Route path="/alerts/:id">{({ id }) => <Later page={<IncidentPage key={id} id={id} />} />}</Route>
      <Route path="/account">
        <Later page={<AccountPage />} />
      </Route>
      <Route path="/users">
        {isAdministrator ? <Later page={<UsersPage />} /> : <NotAllowedPage />}
      </Route>
      <Route path="/audit">
        {isAdministrator ? <Later page={<AuditPage />} /> : <NotAllowedPage />}
      </Route>
      <Route path="/system">
        {isAdministrator ? <Later page={<SystemPage />} /> : <NotAllowedPage />}
      </Route>
      {/* Somebody who has registered, or followed an old link, is here already. */}
      <Route path="/register">
        <Redirect to="/" replace />
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}

function Later({ page, skeleton = <PageSkeleton /> }: { page: ReactNode; skeleton?: ReactNode }) {
  return <Suspense fallback={skeleton}>{page}</Suspense>;
}
