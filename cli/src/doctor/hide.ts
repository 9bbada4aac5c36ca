import { redacted, redactText } from '@ibex/telemetry/privacy';

/** Variables whose values are never shown, whatever they look like. */
const secretName =
  /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS|DSN|CODE|HEADERS|DATABASE_URL|REDIS_URL|NATS_URL)$/i;
const shortestSecret = 6;

/** Takes out of a text what looks like a secret, and every value that is known to be one. */
export function createHider(
  environment: NodeJS.ProcessEnv,
  known: readonly (string | undefined)[],
): (text: string) => string {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined ? secretsIn(value) : [],
  );
  const secrets = [...values, ...known.filter((value) => value !== undefined)]
    .filter((value) => value.length >= shortestSecret && !/^(true|false|\d+)$/.test(value))
    .toSorted((one, other) => other.length - one.length);
  return (text) => redactText(secrets.reduce((shown, secret) => shown.replaceAll(secret, redacted), text));
}

/** A whole value; of a URL its password alone, of `key=value` pairs the values, encoded and not. */
function secretsIn(value: string): string[] {
  const url = URL.parse(value);
  if (url !== null && url.host !== '') return [url.password, decode(url.password)];
  const parts = value.split(',').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [value, ...parts, ...parts.map(decode)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
