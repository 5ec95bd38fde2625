import { Route, Switch } from 'wouter';
import type { SignedOutReason } from '../../session/Session';
import { RegisterPage } from './RegisterPage';
import { SignInPage } from './SignInPage';

/** Whatever the address, somebody signs in first; it stays as it is, so that this leads where they wanted to go. */
export function SignedOutPages({ why }: { why: SignedOutReason }) {
  return (
    <Switch>
      <Route path="/register">
        <RegisterPage />
      </Route>
      <Route>
        <SignInPage why={why} />
      </Route>
    </Switch>
  );
}
