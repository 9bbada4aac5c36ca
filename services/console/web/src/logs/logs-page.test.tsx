import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { admin, problem, renderConsole } from '../testing/render-console.tsx';
import type { LogRecord } from './log-queries.ts';
import { newLines } from './use-held-lines.ts';

function line(id: string, facts: Partial<LogRecord> = {}): LogRecord {
  return {
    id,
    timeUnixNano: '1772539445067123456',
    level: 'INFO',
    serviceName: 'proxy',
    message: `message ${id}`,
    traceId: null,
    spanId: null,
    requestId: null,
    attributes: {},
    resource: {},
    ...facts,
  };
}

const around = {
  'GET /api/session': { body: admin },
  'GET /api/telemetry/services': { body: { services: [{ name: 'proxy', lastSeenUnixMs: 1 }] } },
  'GET /api/telemetry/logs/volume': {
    body: { stepSeconds: 30, buckets: [{ timeUnixMs: 1, counts: { INFO: 1 } }] },
  },
};

describe('the logs', () => {
  it('lead to the trace with the span selected, and open to all fields', async () => {
    const traceId = 'a'.repeat(32);
    const record = line('7', {
      traceId,
      spanId: 'b'.repeat(16),
      requestId: 'req-1',
      attributes: { status: 502 },
    });
    const place = renderConsole('/logs', {
      ...around,
      'GET /api/telemetry/logs': { body: { logs: [record], nextCursor: null } },
    });
    const link = await screen.findByTestId('log-trace-link');
    expect(link.getAttribute('href')).toBe(`/traces/${traceId}?span=${'b'.repeat(16)}`);
    fireEvent.click(screen.getByRole('button', { name: /message 7/ }));
    await screen.findByText('Copy as JSON');
    expect(place.href()).toBe('/logs?log=7');
    const sameRequest = screen.getByText('Lines of this request').closest('a');
    expect(sameRequest?.getAttribute('href')).toBe('/logs?requestId=req-1&log=7');
  });

  it('send the filters of the address', async () => {
    const asked: string[] = [];
    renderConsole('/logs?text=refused&level=WARN&service=proxy', {
      ...around,
      'GET /api/telemetry/logs': (request) => {
        asked.push(new URL(request.url).search);
        return { body: { logs: [], nextCursor: null } };
      },
    });
    await screen.findByText('No line matches');
    expect(asked[0]).toMatch(/text=refused&level=WARN&service=proxy/);
  });

  it('narrow by level with one press', async () => {
    const place = renderConsole('/logs', {
      ...around,
      'GET /api/telemetry/logs': { body: { logs: [line('1')], nextCursor: null } },
    });
    fireEvent.click(await screen.findByTitle('Show INFO and above'));
    await waitFor(() => expect(place.href()).toBe('/logs?level=INFO'));
  });

  it('say why they could not be read', async () => {
    renderConsole('/logs', { ...around, 'GET /api/telemetry/logs': problem(400, '`text` is too long.') });
    await screen.findByText('`text` is too long.');
    expect(screen.getByText('req-42')).toBeDefined();
  });
});

describe('lines that came while reading', () => {
  it('are those before the first line that is known', () => {
    expect(newLines([line('3'), line('2'), line('1')], [line('1')])).toBe(2);
    expect(newLines([line('1')], [line('1')])).toBe(0);
    expect(newLines([line('9'), line('8')], [line('1')])).toBe(2);
  });
});
