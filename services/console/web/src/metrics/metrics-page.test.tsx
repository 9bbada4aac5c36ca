import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { admin, renderConsole } from '../testing/render-console.tsx';

const metrics = [
  {
    name: 'ibex_proxy_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of requests',
    labels: ['route'],
    services: ['proxy'],
  },
  { name: 'ibex_process_up', type: 'gauge', unit: '', help: 'Up', labels: [], services: ['proxy'] },
];

function range(name: string) {
  return {
    body: {
      name,
      type: 'histogram',
      unit: 'seconds',
      function: 'quantile',
      stepSeconds: 30,
      truncated: false,
      series: [{ labels: {}, points: [[1000, 0.25]] }],
    },
  };
}

const answers = {
  'GET /api/session': { body: admin },
  'GET /api/telemetry/metrics': { body: { metrics } },
  'GET /api/telemetry/metrics/ibex_proxy_request_duration_seconds/range': range(
    'ibex_proxy_request_duration_seconds',
  ),
};

describe('the metrics', () => {
  it('begin with the board, and say which metrics are not there yet', async () => {
    renderConsole('/explore/metrics', answers);
    await screen.findByRole('heading', { name: 'Duration of chat completions' });
    expect(await screen.findAllByText('250 ms')).toHaveLength(3);
    expect(screen.getAllByText(/No service has exposed this metric yet/).length).toBeGreaterThan(0);
  });

  it('are found by name and help, and open in the explorer with what fits their type', async () => {
    renderConsole('/explore/metrics', answers);
    fireEvent.change(await screen.findByLabelText('Search metrics'), { target: { value: 'requests' } });
    await screen.findByDisplayValue('requests');
    const items = screen.getAllByTestId('metric-item');
    expect(items.map((item) => item.dataset.metric)).toEqual(['ibex_proxy_request_duration_seconds']);
    fireEvent.click(items[0] ?? document.body);
    await screen.findByText('Duration of requests');
    await screen.findByText('p95', { selector: 'figcaption *' });
    expect(screen.getByRole('radio', { name: 'p95' })).toHaveProperty('checked', true);
  });

  it('say so when a metric does not exist', async () => {
    renderConsole('/explore/metrics?metric=nothing_total', answers);
    await screen.findByText('No metric is called nothing_total');
  });
});
