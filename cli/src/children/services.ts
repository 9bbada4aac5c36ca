import type { UpSettings } from '../settings/up-settings.ts';

export const serviceNames = ['collector', 'auth', 'proxy', 'console'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The entry point of each service, from the root of the workspace. */
export const serviceScripts: Readonly<Record<ServiceName, string>> = {
  collector: 'services/collector/src/main.ts',
  auth: 'services/auth/src/main.ts',
  proxy: 'services/proxy/src/main.ts',
  console: 'services/console/bff/src/main.ts',
};

/** How long each service may take to stop by its own account: half for what it has begun, half to hand over its telemetry. */
export const stopTimeoutsMs: Readonly<Record<ServiceName, number>> = {
  proxy: 4_000,
  console: 4_000,
  auth: 1_000,
  collector: 3_000,
};

/** The HTTP base address of each service. */
export function serviceUrls({ ports }: UpSettings): Readonly<Record<ServiceName, string>> {
  return {
    collector: `http://127.0.0.1:${ports.collectorQuery}`,
    auth: `http://127.0.0.1:${ports.authHttp}`,
    proxy: `http://127.0.0.1:${ports.proxy}`,
    console: `http://127.0.0.1:${ports.console}`,
  };
}
