import { type ServiceName, serviceNames, serviceUrls } from '../../children/services.ts';
import { portSettings } from '../../settings/ports.ts';
import type { DoctorContext } from '../context.ts';
import { type Finding, ok, problem, skipped } from '../model.ts';
import { get, jsonOf, type Reply } from '../network/get.ts';
import { readDropped } from './dropped.ts';

const portVariables: Readonly<Record<ServiceName, string>> = {
  collector: portSettings.collectorQuery.variable,
  auth: portSettings.authHttp.variable,
  proxy: portSettings.proxy.variable,
  console: portSettings.console.variable,
};

interface Answer {
  readonly service: ServiceName;
  readonly url: string;
  readonly health: Reply | string;
}

/** Whether the services of this machine run and are ready, and what they have dropped. */
export async function checkServices(context: DoctorContext): Promise<Finding[]> {
  const urls = serviceUrls(context.up);
  const answers = await Promise.all(
    serviceNames.map(async (service): Promise<Answer> => {
      const health = await get(`${urls[service]}/healthz`, { signal: context.signal });
      return { service, url: urls[service], health };
    }),
  );
  const running = answers.filter(isOurs);
  if (running.length === 0) return [notRunning(answers)];
  const states = await Promise.all(answers.map((answer) => judgeService(answer, context)));
  const dropped = await Promise.all(
    running.map(({ service, url }) => readDropped(service, { url, signal: context.signal })),
  );
  return [...states, ...dropped.flat()];
}

function isOurs({ service, health }: Answer): boolean {
  return typeof health !== 'string' && jsonOf(health).service === service;
}

/** Nothing of ours runs: one finding, not four. What listens in its place is told. */
function notRunning(answers: readonly Answer[]): Finding {
  const strangers = answers.filter(({ health }) => typeof health !== 'string');
  const [stranger] = strangers;
  const places = answers.map(({ url }) => new URL(url).port).join(', ');
  if (stranger === undefined) {
    return skipped('services', `none runs on this machine (ports ${places}): start them with \`npm start\``);
  }
  const message = `none runs, and something else answers at ${stranger.url}`;
  return problem(
    'services',
    message,
    `Stop that, or set ${portVariables[stranger.service]} to a free port, then \`npm start\`.`,
  );
}

async function judgeService(answer: Answer, { signal }: DoctorContext): Promise<Finding> {
  const { service, url, health } = answer;
  if (typeof health === 'string') {
    return problem(
      service,
      `not running at ${url}: ${health}`,
      `Start it with the others: \`npm start\`. Its last lines say why it ended. ${portVariables[service]} moves it.`,
    );
  }
  if (!isOurs(answer)) {
    const advice = `Set ${portVariables[service]} to the port it has, or stop what is there.`;
    return problem(service, `what answers at ${url} is not the ${service}`, advice);
  }
  const ready = await get(`${url}/readyz`, { signal });
  if (typeof ready !== 'string' && ready.status === 200) return ok(service, `ready at ${url}`);
  const advice = `Mend what is named, or read the log of ${service}.`;
  return problem(
    service,
    `running at ${url}, not ready: ${typeof ready === 'string' ? ready : waitingFor(ready)}`,
    advice,
  );
}

/** The dependencies that are not ready, with what they say. */
function waitingFor(reply: Reply): string {
  const { dependencies } = jsonOf(reply) as {
    dependencies?: Record<string, { state?: string; detail?: string }>;
  };
  const missing = Object.entries(dependencies ?? {})
    .filter(([, { state }]) => state !== 'ready')
    .map(([name, { detail }]) => (detail === undefined ? name : `${name} (${detail})`));
  return missing.length === 0 ? `HTTP ${reply.status}` : missing.join(', ').slice(0, 300);
}
