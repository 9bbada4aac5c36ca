import { authConnectionSettings, type SettingsOf, settings } from '@ibex/service';
import { z } from 'zod';
import type { WatchedService } from './overview/service-health.ts';

const maximumServices = 20;
const maximumHosts = 50;
const servicePattern = /^([a-z][a-z0-9-]{0,30})=(.+)$/;
const hostPattern = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i;

const defaultServices =
  'proxy=http://127.0.0.1:8080,auth=http://127.0.0.1:8081,collector=http://127.0.0.1:8082';

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parseService(text: string): WatchedService | undefined {
  const [, name, address = ''] = servicePattern.exec(text) ?? [];
  const url = URL.parse(address);
  if (name === undefined || url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.username === '' && url.password === '' ? { name, url: url.origin } : undefined;
}

const watchedServices = z
  .string()
  .default(defaultServices)
  .transform((text, context): WatchedService[] => {
    const services = listOf(text).map(parseService);
    const known = services.filter((service) => service !== undefined);
    const names = new Set(known.map(({ name }) => name));
    if (known.length === services.length && names.size === known.length && known.length <= maximumServices)
      return known;
    context.addIssue(
      `a list such as "${defaultServices}": at most ${maximumServices} different names, each with an http(s) address without credentials`,
    );
    return z.NEVER;
  });

const allowedHosts = z
  .string()
  .default('')
  .transform((text, context): string[] => {
    const hosts = listOf(text);
    if (hosts.length <= maximumHosts && hosts.every((host) => hostPattern.test(host))) return hosts;
    context.addIssue('a list of hosts as browsers send them, such as "console.example.com,10.0.0.5:8090"');
    return z.NEVER;
  });

const httpUrl = (fallback: string) =>
  settings
    .url(fallback)
    .refine((text) => /^https?:\/\/[^@]*$/.test(text), 'an http(s) URL without credentials');

/** What the console reads, besides what every service does. Times are in milliseconds. */
export const consoleSettings = {
  IBEX_CONSOLE_PORT: settings.port(8090),
  ...authConnectionSettings,
  IBEX_COLLECTOR_QUERY_URL: httpUrl('http://127.0.0.1:8082'),
  IBEX_COLLECTOR_QUERY_TOKEN: settings.secret({ minimumLength: 16 }),
  IBEX_CONSOLE_SERVICES: watchedServices,
  IBEX_CONSOLE_ALLOWED_HOSTS: allowedHosts,
  /** `Secure` on the cookie and HSTS: for a console behind TLS. */
  IBEX_CONSOLE_SECURE_COOKIES: settings.boolean(false),
  IBEX_CONSOLE_LOGIN_CODE: z.string().min(16).max(200).optional().meta({ secret: true }),
  IBEX_CREDENTIALS_FILE: settings.optionalText(),
  IBEX_CONSOLE_SESSION_IDLE_MS: settings.milliseconds(2 * 3_600_000),
  IBEX_CONSOLE_SESSION_MAXIMUM_MS: settings.milliseconds(12 * 3_600_000),
  IBEX_CONSOLE_AUTH_GRACE_MS: settings.milliseconds(10 * 60_000),
  IBEX_CONSOLE_LOGINS_PER_MINUTE: settings.integer(20, { minimum: 1, maximum: 10_000 }),
};

export type ConsoleSettings = SettingsOf<typeof consoleSettings>;
