import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { StateMessage } from '../ui/state-message.tsx';
import type { Session } from './session-query.ts';
import { useSignOut } from './use-sign-out.ts';

/** Signed in, but not allowed to look: says who one is, what is needed, and the way out. */
export function ForbiddenPage({ session }: { session: Session }): ReactElement {
  const signOut = useSignOut();
  const who = session.userId === null ? 'with a token' : `as user ${session.userId}`;
  return (
    <StateMessage
      icon="lock"
      title="The console needs the role admin"
      actions={
        <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
          Sign out
        </Button>
      }
    >
      You are signed in {who} of organisation {session.orgId}, in the role <strong>{session.role}</strong>.
      Telemetry shows the traffic of the whole platform, so it is open to administrators only. Sign in with an
      administrator’s token, or ask an administrator for the role.
    </StateMessage>
  );
}
