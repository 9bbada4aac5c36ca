import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { LoginSearch } from './login-search.ts';

/** Leads to the login page, once, and remembers the place to return to. */
export function ToLogin({ wasSignedIn }: { wasSignedIn: boolean }): null {
  const navigate = useNavigate();
  const router = useRouter();
  const [search] = useState(() => loginSearchOf(router.state.location.href, wasSignedIn));
  useEffect(() => {
    void navigate({ to: '/login', search, replace: true });
  }, [navigate, search]);
  return null;
}

/** A first visit is asked plainly; whoever was inside learns that the session ended. */
function loginSearchOf(href: string, wasSignedIn: boolean): LoginSearch {
  return {
    next: href === '/admin/ops' ? undefined : href,
    reason: wasSignedIn ? 'session_expired' : undefined,
  };
}
