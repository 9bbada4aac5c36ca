import { configError } from '../config-field.ts';
import type { ProviderType } from './provider-config.ts';

/** Ends of URLs that people copy from a vendor's examples; the gateway adds them itself. */
const endpointPath = /\/(?:chat\/completions|completions|responses|embeddings|messages|models)\/*$/;
const azureHost = /\.(?:openai|cognitiveservices)\.azure\.com$/;

/**
 * The base URL, when requests can be sent below it. It is not shown where it may hold a password.
 *
 * @throws {SettingsError} naming the field.
 */
export function checkBaseUrl(
  baseUrl: string,
  { type, field }: { type: ProviderType; field: string },
): string {
  const { username, password, pathname, hostname } = new URL(baseUrl);
  if (username !== '' || password !== '') {
    throw configError(
      field,
      'must not hold a name or password, which are not sent. Take them out, and set api_key.',
    );
  }
  if (endpointPath.test(pathname)) {
    throw configError(
      field,
      `must end before the endpoint: it ends in ${endpointPath.exec(pathname)?.[0]}. Take that off.`,
    );
  }
  if (type === 'azure' && azureHost.test(hostname) && !/^\/openai\/*$/.test(pathname)) {
    throw configError(
      field,
      `must be the resource's, up to and including /openai: e.g. https://${hostname}/openai.`,
    );
  }
  return baseUrl;
}

/**
 * The key as it goes into a header, without the line feed that files end with. It is never shown.
 *
 * @throws {SettingsError} naming the field when no header can hold it.
 */
export function checkKey(key: string | undefined, field: string): string | undefined {
  const trimmed = key?.trim();
  if (trimmed === undefined || /^[\x21-\x7e]*$/.test(trimmed)) return trimmed;
  throw configError(
    field,
    'must give a key of printable ASCII characters without spaces, as it is sent in a header.',
  );
}

/** Settings that only some types have a use for. */
const typesOf: Readonly<Record<string, readonly ProviderType[]>> = {
  api_version: ['azure'],
  include_usage: ['openai', 'azure'],
  responses: ['openai'],
};

/**
 * Checks that an entry sets nothing that its type has no use for.
 *
 * @throws {SettingsError} naming the field.
 */
export function checkSettings(entry: { readonly type: ProviderType }, field: string): void {
  for (const [name, types] of Object.entries(typesOf)) {
    if (Reflect.get(entry, name) === undefined || types.includes(entry.type)) continue;
    throw configError(
      `${field}.${name}`,
      `has no effect for type ${entry.type}, only for ${types.join(' and ')}. Take it out.`,
    );
  }
}
