import assert from 'node:assert/strict';
import type { components } from '@ibex/api/console';

type Schemas = components['schemas'];

/** What the console's back end answers, asked as the browser would ask it. */
export class ConsoleClient {
  readonly #baseUrl: string;
  #cookie = '';

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  async login(token: string): Promise<Schemas['Session']> {
    const response = await fetch(`${this.#baseUrl}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#baseUrl },
      body: JSON.stringify({ token }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    return (await response.json()) as Schemas['Session'];
  }

  async get<Body>(path: string): Promise<Body> {
    const response = await fetch(`${this.#baseUrl}${path}`, { headers: { cookie: this.#cookie } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}
