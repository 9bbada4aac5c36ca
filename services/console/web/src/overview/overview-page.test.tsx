import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { admin, problem, renderConsole } from '../testing/render-console.tsx';
import type { OpsOverview } from './overview-query.ts';

const noPoints = { stepSeconds: 30, points: [] };

function overview(facts: Partial<OpsOverview> = {}): OpsOverview {
  return {
    generatedAtUnixMs: 1_772_539_445_000,
    rangeMinutes: 60,
    health: 'healthy',
    services: [{ name: 'proxy', state: 'healthy', detail: 'ready', dependencies: [] }],
    throughput: noPoints,
    errorRate: noPoints,
    latencyP95Seconds: noPoints,
    tokensPerMinute: noPoints,
    totals: {
      requests: 0,
      errors: 0,
      errorRate: null,
      latencyP95Seconds: null,
      inputTokens: 0,
      outputTokens: 0,
    },
    incidents: [],
    telemetry: { backend: 'embedded', reachable: true, detail: '' },
    ...facts,
  };
}

function show(answer: OpsOverview) {
  return renderConsole('/admin/ops', {
    'GET /api/session': { body: admin },
    'GET /admin/ops/overview': { body: answer },
  });
}

describe('the overview', () => {
  it('offers a request to paste while there is no traffic', async () => {
    show(overview());
    await screen.findByText('No requests in the last hour');
    expect(screen.getByText(/curl http/).textContent).toContain('"model":"echo"');
    expect(screen.getByTestId('overview-health').textContent).toContain('All services are healthy');
    expect(screen.getByTestId('overview-health').textContent).not.toContain('1 of 1');
  });

  it('shows totals, and incidents that lead to their traces', async () => {
    const traceId = 'a'.repeat(32);
    show(
      overview({
        totals: {
          requests: 1200,
          errors: 3,
          errorRate: 0.0025,
          latencyP95Seconds: 0.25,
          inputTokens: 10,
          outputTokens: 20,
        },
        incidents: [
          {
            timeUnixMs: 1,
            kind: 'failed_request',
            title: 'POST /v1/x answered 502',
            serviceName: 'proxy',
            traceId,
          },
        ],
      }),
    );
    await screen.findByText('1200');
    expect(screen.getByText('0.25 %')).toBeDefined();
    expect(screen.getByText('250 ms')).toBeDefined();
    expect(screen.getByText('POST /v1/x answered 502').closest('a')?.getAttribute('href')).toBe(
      `/traces/${traceId}`,
    );
    expect(screen.getByTestId('throughput-chart')).toBeDefined();
    expect(screen.getByTestId('error-rate-chart')).toBeDefined();
  });

  it('keeps showing health when the collector cannot be reached', async () => {
    show(
      overview({
        health: 'degraded',
        services: [{ name: 'collector', state: 'down', detail: 'no answer in time', dependencies: [] }],
        telemetry: { backend: 'embedded', reachable: false, detail: 'connect ECONNREFUSED' },
      }),
    );
    await screen.findByText('The collector cannot be reached, so there are no charts');
    expect(screen.getByTestId('overview-health').textContent).toContain('collector is down');
    expect(screen.getByTestId('overview-health').textContent).toContain('0 of 1 services healthy');
    expect(screen.getByTestId('service-card').textContent).toContain('no answer in time');
    expect(screen.queryByText(/No requests in/)).toBeNull();
  });

  it('always ends now: a range of the past is left behind', async () => {
    const place = renderConsole('/admin/ops?from=1000&to=2000', {
      'GET /api/session': { body: admin },
      'GET /admin/ops/overview': { body: overview() },
    });
    await screen.findByText('No requests in the last hour');
    expect(place.href()).toBe('/admin/ops');
  });

  it('names no range that it does not show', async () => {
    const place = renderConsole('/admin/ops?range=7d', {
      'GET /api/session': { body: admin },
      'GET /admin/ops/overview': { body: overview({ rangeMinutes: 1440 }) },
    });
    await screen.findByText('No requests in the last 24 hours');
    expect(screen.getByTestId('range-picker').textContent).toBe('Last 24 hours');
    expect(place.href()).toBe('/admin/ops?range=24h');
  });

  it('keeps what it has while following the present fails, and says so', async () => {
    let failing = false;
    renderConsole('/admin/ops?live=1', {
      'GET /api/session': { body: admin },
      'GET /admin/ops/overview': () => (failing ? problem(503, 'It broke.') : { body: overview() }),
    });
    await screen.findByTestId('overview-health');
    failing = true;
    await screen.findByText('What you see was read earlier.');
    expect(screen.getByTestId('overview-health')).toBeDefined();
  });

  it('shows a failure with the request to quote, and tries again', async () => {
    let calls = 0;
    renderConsole('/admin/ops', {
      'GET /api/session': { body: admin },
      'GET /admin/ops/overview': () => (++calls === 1 ? problem(500, 'It broke.') : { body: overview() }),
    });
    await screen.findByText('The overview could not be read');
    expect(screen.getByText('req-42')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('No requests in the last hour');
  });
});
