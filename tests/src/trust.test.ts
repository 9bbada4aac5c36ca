import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { components } from '@ibex/api/collector';
import { eventually } from './support/eventually.ts';
import { type House, startHouse } from './support/house.ts';

type Trace = components['schemas']['Trace'];

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const caller = { traceparent: `00-${traceId}-${spanId}-01`, 'x-request-id': 'request-of-the-caller' };

/** Asks the gateway once; resolves with the answer's trace and what the collector holds of it. */
async function ask(house: House): Promise<{ answered: string | null; trace: Trace }> {
  const response = await fetch(`${house.apiUrl}/models`, {
    headers: { ...caller, authorization: `Bearer ${house.credentials.api_key}` },
  });
  await response.text();
  assert.equal(response.headers.get('x-request-id'), 'request-of-the-caller');
  const answered = response.headers.get('x-trace-id');
  const token = readFileSync(join(house.dataDirectory, 'secrets', 'query-token'), 'utf8').trim();
  const url = `http://127.0.0.1:${house.ports.IBEX_COLLECTOR_QUERY_PORT}/api/v1/traces/${answered}`;
  const trace = await eventually(
    async () => {
      const found = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (found.status !== 200) return undefined;
      const whole = (await found.json()) as Trace;
      return whole.services.includes('auth') && whole.services.includes('proxy') ? whole : undefined;
    },
    { what: `the trace ${answered} with proxy and auth` },
  );
  return { answered, trace };
}

describe('the trace of a caller of the gateway', () => {
  test('is continued by a house on one machine, through auth', async () => {
    const house = await startHouse();
    try {
      const { answered, trace } = await ask(house);
      assert.equal(answered, traceId);
      const server = trace.spans.find(({ name }) => name === 'GET /v1/models');
      assert.equal(server?.parentSpanId, spanId);
    } finally {
      await house.dispose();
    }
  });

  test('is linked where the operator restarts traces, and auth still belongs to the new one', async () => {
    const house = await startHouse({ environment: { IBEX_TRUST_INBOUND: 'restart' } });
    try {
      const { answered, trace } = await ask(house);
      assert.notEqual(answered, traceId);
      const server = trace.spans.find(({ name }) => name === 'GET /v1/models');
      assert.equal(server?.parentSpanId, null);
      assert.deepEqual(
        server?.links.map((link) => [link.traceId, link.spanId]),
        [[traceId, spanId]],
      );
    } finally {
      await house.dispose();
    }
  });
});
