import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { admin, problem, renderConsole } from '../../testing/render-console.tsx';
import { testSpan } from '../../testing/spans.ts';
import type { Span } from './waterfall-layout.ts';

const traceId = 'a'.repeat(32);
const root = '0000000000000001';
const child = '0000000000000002';

const spans = [
  testSpan(root, null, { name: 'POST /v1/chat/completions', kind: 'server', durationMs: 100 }),
  testSpan(child, root, {
    name: 'provider.generate',
    startMs: 10,
    durationMs: 50,
    status: 'error',
    statusMessage: '<img src=x onerror=alert(1)>',
    attributes: { 'provider.name': 'openai', body: 'y'.repeat(1000) },
  }),
];

function show(address: string, list: Span[] = spans) {
  return renderConsole(address, {
    'GET /api/session': { body: admin },
    [`GET /api/telemetry/traces/${traceId}`]: {
      body: {
        traceId,
        startTimeUnixNano: spans[0]?.startTimeUnixNano,
        durationNano: 100e6,
        spanCount: list.length,
        errorCount: 1,
        services: ['proxy'],
        truncated: false,
        spans: list,
      },
    },
    'GET /api/telemetry/logs': { body: { logs: [], nextCursor: null } },
  });
}

describe('the page of a trace', () => {
  it('is a tree of spans that opens details and puts them in the address', async () => {
    const place = show(`/traces/${traceId}`);
    const rows = await screen.findAllByTestId('waterfall-row');
    expect(
      rows.map((row) => [row.dataset.spanName, row.dataset.service, row.getAttribute('aria-level')]),
    ).toEqual([
      ['POST /v1/chat/completions', 'proxy', '1'],
      ['provider.generate', 'proxy', '2'],
    ]);
    fireEvent.click(rows[1] ?? document.body);
    const detail = await screen.findByTestId('span-detail');
    expect(place.href()).toBe(`/traces/${traceId}?span=${child}`);
    expect(within(detail).getByText('openai')).toBeDefined();
    const logs = within(detail).getByTestId('span-logs-link').getAttribute('href');
    expect(logs).toMatch(new RegExp(`^/logs\\?.*traceId=${traceId}.*spanId=${child}`));
  });

  it('opens at the span that the address names, shows markup as text, and cuts long values', async () => {
    show(`/traces/${traceId}?span=${child}`);
    const detail = await screen.findByTestId('span-detail');
    expect(within(detail).getByText('<img src=x onerror=alert(1)>')).toBeDefined();
    expect(detail.querySelector('img')).toBeNull();
    fireEvent.click(within(detail).getByText('Show all 1,000 characters'));
    expect(within(detail).getByText(/^y{1000}/)).toBeDefined();
  });

  it('is walked by keys', async () => {
    const place = show(`/traces/${traceId}`);
    const tree = await screen.findByRole('tree');
    fireEvent.keyDown(tree, { key: 'ArrowDown' });
    fireEvent.keyDown(tree, { key: 'Enter' });
    await waitFor(() => expect(place.href()).toContain(child));
    fireEvent.keyDown(tree, { key: 'Home' });
    await waitFor(() => expect(place.href()).toContain(root));
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    await waitFor(() => expect(screen.getAllByTestId('waterfall-row')).toHaveLength(1));
    fireEvent.keyDown(tree, { key: 'Escape' });
    await waitFor(() => expect(place.href()).toBe(`/traces/${traceId}`));
  });

  it('explains a trace that is not there', async () => {
    renderConsole(`/traces/${traceId}`, {
      'GET /api/session': { body: admin },
      [`GET /api/telemetry/traces/${traceId}`]: problem(404, 'No such trace.'),
    });
    await screen.findByText('This trace is not in the store');
  });
});
