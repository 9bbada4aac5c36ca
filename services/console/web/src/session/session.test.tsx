import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { admin, problem, renderConsole } from '../testing/render-console.tsx';

describe('signing in', () => {
  it('asks whoever is not signed in, and returns to where they wanted to go', async () => {
    let signedIn = false;
    const place = renderConsole('/traces?service=proxy', {
      'GET /api/session': () => (signedIn ? { body: admin } : problem(401, 'Sign in first.')),
      'POST /api/session': async (request) => {
        signedIn = true;
        expect(await request.json()).toEqual({ token: 'ibex_admin' });
        return { body: admin };
      },
      'GET /api/telemetry/spans': { body: { spans: [], nextCursor: null } },
      'GET /api/telemetry/services': { body: { services: [] } },
    });
    const field = await screen.findByTestId('login-token');
    expect(field).toHaveProperty('type', 'password');
    fireEvent.change(field, { target: { value: ' ibex_admin ' } });
    fireEvent.click(screen.getByTestId('login-submit'));
    await screen.findByText('No trace matches');
    expect(place.href()).toBe('/traces?service=proxy');
  });

  it('says why the link did not work', async () => {
    renderConsole('/login?reason=link_used', { 'GET /api/session': problem(401, 'Sign in first.') });
    await screen.findByText('This sign-in link has been used');
  });

  it('lets whoever is signed in pass', async () => {
    const place = renderConsole('/login?reason=link_used&next=/traces', {
      'GET /api/session': { body: admin },
      'GET /api/telemetry/spans': { body: { spans: [], nextCursor: null } },
    });
    await screen.findByText('No traces in this range');
    expect(place.href()).toBe('/traces');
  });

  it('shows why a token was refused, with the request to quote', async () => {
    renderConsole('/login', { 'POST /api/session': problem(401, 'The token is not known.') });
    fireEvent.change(await screen.findByTestId('login-token'), { target: { value: 'wrong' } });
    fireEvent.click(screen.getByTestId('login-submit'));
    await screen.findByText('The token is not known. (request req-42)');
  });

  it('leads back to the login page when the session ends underneath', async () => {
    const place = renderConsole('/logs?level=WARN', {
      'GET /api/session': { body: admin },
      'GET /api/telemetry/logs': problem(401, 'The session has expired.'),
    });
    await screen.findByText('Your session has ended');
    expect(place.href()).toBe('/login?next=/logs%3Flevel%3DWARN&reason=session_expired');
  });
});

describe('without the role admin', () => {
  it('says who one is, what is needed, and signs out with the CSRF token', async () => {
    const seen: (string | null)[] = [];
    renderConsole('/admin/ops', {
      'GET /api/session': { body: { ...admin, role: 'member' } },
      'DELETE /api/session': (request) => {
        seen.push(request.headers.get('x-ibex-csrf'));
        return problem(403, 'No.');
      },
    });
    await screen.findByText('The console needs the role admin');
    expect(screen.getByText('member', { selector: 'strong' })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(seen).toEqual(['csrf-1']));
  });
});
