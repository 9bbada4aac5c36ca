import { Button, PasswordInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { IbexMark } from '../ui/ibex-mark.tsx';
import { Icon } from '../ui/icon.tsx';
import styles from './login-page.module.css';
import { safeNextPath } from './next-path.ts';
import { sessionQuery, signIn } from './session-query.ts';
import { signInReasonTexts } from './sign-in-reason.ts';

const route = getRouteApi('/login');

/** Signs a person in with a token, and says why they are asked. */
export function LoginPage(): ReactElement {
  useDocumentTitle('Sign in · Ibex');
  const { reason, next } = route.useSearch();
  const [token, setToken] = useState('');
  const login = useLogin();
  const present = useQuery(sessionQuery).data;
  const router = useRouter();
  useEffect(() => {
    // Whoever is signed in already, and follows a used link once more, has nothing to do here.
    if (present) router.history.replace(safeNextPath(next));
  }, [present, next, router]);
  const notice = reason === undefined ? undefined : signInReasonTexts[reason];

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (token.trim() !== '') login.mutate(token.trim());
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <header className={styles.brand}>
          <IbexMark size={40} />
          <div>
            <h1 className={styles.title}>Sign in to Ibex</h1>
            <p className={styles.subtitle}>Traces, logs and metrics of your gateway</p>
          </div>
        </header>
        {notice !== undefined && !login.isError && (
          <div className={styles.notice} role="status">
            <Icon name="info" />
            <div>
              <strong>{notice.title}</strong>
              <p>{notice.text}</p>
            </div>
          </div>
        )}
        <PasswordInput
          label="Token"
          size="sm"
          autoFocus
          autoComplete="current-password"
          spellCheck={false}
          maxLength={500}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={login.isError ? messageOf(login.error) : undefined}
          data-testid="login-token"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
        />
        <Button type="submit" size="sm" fullWidth loading={login.isPending} data-testid="login-submit">
          Sign in
        </Button>
        <p className={styles.hint}>
          The administrator’s token is <code>admin_token</code> in <code>.ibex/credentials.json</code>.{' '}
          <code>npm start</code> also prints a link that signs you in once.
        </p>
      </form>
    </main>
  );
}

function useLogin() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: signIn,
    onSuccess: (session) => queryClient.setQueryData(sessionQuery.queryKey, session),
  });
}

function messageOf(error: Error): string {
  if (!(error instanceof ApiProblem)) return 'Signing in did not work; try again.';
  const suffix = error.requestId === null ? '' : ` (request ${error.requestId})`;
  return `${error.message}${suffix}`;
}
