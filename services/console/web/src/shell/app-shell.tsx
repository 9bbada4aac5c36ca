import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { ForbiddenPage } from '../session/forbidden-page.tsx';
import { type Session, sessionQuery } from '../session/session-query.ts';
import { ToLogin } from '../session/to-login.tsx';
import { TimeProvider } from '../time/time-provider.tsx';
import { ProblemMessage } from '../ui/problem-message.tsx';
import styles from './app-shell.module.css';
import { NavigationRail } from './navigation-rail.tsx';

/** The frame of every page behind the login: asks who is there, and lets administrators in. */
export function AppShell(): ReactElement | null {
  const session = useQuery(sessionQuery);
  const [wasSignedIn, setWasSignedIn] = useState(false);
  if (session.data && !wasSignedIn) setWasSignedIn(true);
  if (session.isPending) return null;
  if (session.isError)
    return (
      <ProblemMessage
        error={session.error}
        title="The console could not start"
        retry={() => void session.refetch()}
      />
    );
  if (session.data === null) return <ToLogin wasSignedIn={wasSignedIn} />;
  return <SignedInShell session={session.data} />;
}

function SignedInShell({ session }: { session: Session }): ReactElement {
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <NavigationRail session={session} />
      <div id="content" className={styles.content}>
        {session.role === 'admin' ? (
          <TimeProvider>
            <Outlet />
          </TimeProvider>
        ) : (
          <ForbiddenPage session={session} />
        )}
      </div>
    </div>
  );
}
