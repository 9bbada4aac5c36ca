import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { keepScreenshot, openBrowser } from './support/browser.ts';
import { type House, startHouse } from './support/house.ts';
import { skipWithout } from './support/programs.ts';

describe('a user finds a request in the console', { skip: skipWithout('chromium') }, () => {
  let house: House;
  let browser: Browser;
  let page: Page;
  let traceId: string;
  const problems: string[] = [];

  before(async () => {
    house = await startHouse();
    browser = await openBrowser();
    page = await (
      await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    ).newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    traceId = await sendRequests(house);
  });
  after(async () => {
    await browser?.close();
    await house?.dispose();
  });

  test('logs in with the one-time link and sees the overview', async () => {
    const link = /http:\/\/\S+\/login\/\S+/.exec(house.output())?.[0] ?? '';
    await page.goto(link);
    await page.waitForURL('**/admin/ops**');
    await page.getByTestId('overview-health').waitFor();
    await page.getByTestId('service-card').first().waitFor();
    assert.ok((await page.getByTestId('service-card').count()) >= 3);
    await page.getByTestId('throughput-chart').waitFor();
    await page.getByTestId('error-rate-chart').waitFor();
    await page.waitForLoadState('networkidle');
    await keepScreenshot(page, 'overview');
  });

  test('finds the trace, its spans over two services, and goes to its log lines and back', async () => {
    await page.getByTestId('nav-traces').click();
    await page.getByTestId('trace-row').first().waitFor();
    await keepScreenshot(page, 'traces');
    await page.goto(`${house.credentials.console_url}/traces/${traceId}`);
    const row = (name: string, service: string) =>
      page.locator(`[data-testid="waterfall-row"][data-span-name="${name}"][data-service="${service}"]`);
    await row('POST /v1/chat/completions', 'proxy').waitFor();
    await row('ibex.auth.v1.AuthService/ValidateToken', 'proxy').waitFor();
    await row('ibex.auth.v1.AuthService/ValidateToken', 'auth').waitFor();
    await row('provider.generate', 'proxy').waitFor();
    await row('provider.generate', 'proxy').click();
    await page.getByTestId('span-detail').waitFor();
    await keepScreenshot(page, 'trace');
    await row('POST /v1/chat/completions', 'proxy').click();
    await page.getByTestId('span-logs-link').click();
    await page.getByTestId('log-row').first().waitFor();
    await keepScreenshot(page, 'logs');
    await page.getByTestId('log-trace-link').first().click();
    await page.waitForURL(`**/traces/${traceId}**`);
    await row('POST /v1/chat/completions', 'proxy').waitFor();
  });

  test('sees the metrics the request moved, as charts', async () => {
    await page.getByTestId('nav-metrics').click();
    await page.getByTestId('metric-chart').first().waitFor();
    await page.waitForLoadState('networkidle');
    await keepScreenshot(page, 'metrics');
    assert.ok((await page.getByTestId('metric-chart').count()) > 0);
  });

  test('works in the dark, and every view is a link', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['/admin/ops', `/traces/${traceId}`, '/logs', '/explore/metrics']) {
      await page.goto(`${house.credentials.console_url}${path}`);
      await page.getByTestId('nav-overview').waitFor();
      await page.waitForLoadState('networkidle');
      await keepScreenshot(page, `dark-${path.split('/')[1]}`);
    }
  });

  test('asks for a login when the session is gone', async () => {
    await page.context().clearCookies();
    await page.goto(`${house.credentials.console_url}/traces`);
    await page.getByTestId('login-token').fill(house.credentials.admin_token);
    await page.getByTestId('login-submit').click();
    await page.waitForURL('**/traces**');
    await page.getByTestId('trace-row').first().waitFor();
  });

  test('tells somebody who is no admin so', async () => {
    await page.context().clearCookies();
    await page.goto(`${house.credentials.console_url}/login`);
    await page.getByTestId('login-token').fill(house.credentials.api_key);
    await page.getByTestId('login-submit').click();
    await page.getByText('The console needs the role admin').waitFor();
    await keepScreenshot(page, 'forbidden');
  });

  test('met no error in the browser', () => {
    // 401 and 403 are what the last two tests ask for; the browser reports them as failed loads.
    assert.deepEqual(
      problems.filter((text) => !/status of 40[13]/.test(text)),
      [],
    );
  });
});

/** A few requests of different kinds; the trace id of the first, whose token is validated anew. */
async function sendRequests(house: House): Promise<string> {
  const openai = new OpenAI({ apiKey: house.credentials.api_key, baseURL: house.apiUrl, maxRetries: 0 });
  const ask = (content: string) =>
    openai.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content }] }).withResponse();
  const { response } = await ask('What does an ibex eat in winter?');
  for (const content of ['Which animal climbs best?', '/latency 300ms Take your time.', 'And in summer?'])
    await ask(content);
  await ask('/fail 503 Show me an error.').catch(() => undefined);
  return response.headers.get('x-trace-id') ?? '';
}
