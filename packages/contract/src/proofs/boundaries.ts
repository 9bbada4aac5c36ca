import type { ContractFinding } from '../errors.ts';
import type {
  BoundaryDefinitions,
  ContractDefinition,
  HostDefinition,
  ListenerDefinition,
} from '../model.ts';

const traceRules: readonly string[] = ['accept', 'restart', 'drop'];
const acceptRules: readonly string[] = ['accept', 'drop'];
const sendRules: readonly string[] = ['send', 'drop'];
const carried = ['tracestate', 'baggage', 'requestId', 'tenant'] as const;

/** Names that mean an identity: they come from a verified token, never from a header that anybody can write. */
const identityKeys = /^(?:org|organi[sz]ation|tenant|user|agent|session|account)(?:[_.-]?(?:id|name))?$/i;
const baggageKey = /^[A-Za-z0-9_.-]{1,64}$/;
const maximumBaggageKeys = 64;
const hostName =
  /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$|^\[[0-9a-f:]+\]$/;

/** What strangers may say is never believed, and what is told strangers is nothing. */
export function proveBoundaries({
  boundaries,
  services,
  sensitiveKeys,
}: ContractDefinition): ContractFinding[] {
  if (boundaries === undefined) return [];
  const { listeners, hosts } = boundaries;
  return [
    ...Object.entries(listeners).flatMap(([name, listener]) => [
      ...proveRules(`boundaries.listeners.${name}`, listener, acceptRules),
      ...proveListener(`boundaries.listeners.${name}`, listener, services),
    ]),
    ...Object.entries(hosts).flatMap(([name, host]) => [
      ...proveRules(`boundaries.hosts.${name}`, host, sendRules),
      ...proveHost(name, host),
    ]),
    ...proveNamesOnce(hosts),
    ...proveBaggageKeys(boundaries, sensitiveKeys),
  ];
}

function proveRules(
  entry: string,
  boundary: ListenerDefinition | HostDefinition,
  words: readonly string[],
): ContractFinding[] {
  const traceWords = 'service' in boundary ? traceRules : words;
  const checks = [['traceparent', traceWords] as const, ...carried.map((header) => [header, words] as const)];
  const wrong = checks
    .filter(([header, allowed]) => !allowed.includes(boundary[header]))
    .map(([header, allowed]) => ({
      entry: `${entry}.${header}`,
      rule: `it is one of ${allowed.join(', ')}`,
      value: String(boundary[header]),
    }));
  const [allow = ''] = words;
  const alone = (['tracestate', 'baggage'] as const)
    .filter((header) => boundary[header] === allow && boundary.traceparent !== allow)
    .map((header) => ({
      entry: `${entry}.${header}`,
      rule: 'tracestate and baggage go only where the trace goes',
      value: `${boundary[header]}, with traceparent ${boundary.traceparent}`,
    }));
  return [...wrong, ...alone];
}

function proveListener(
  entry: string,
  { service, protocol, exposure, traceparent, tenant }: ListenerDefinition,
  services: readonly string[],
): ContractFinding[] {
  const findings: ContractFinding[] = [];
  const finding = (field: string, rule: string, value: string) =>
    findings.push({ entry: `${entry}.${field}`, rule, value });
  if (!services.includes(service))
    finding('service', `a service is one of ${services.join(', ')}`, `"${service}"`);
  if (!['http', 'grpc'].includes(protocol)) finding('protocol', 'it is http or grpc', String(protocol));
  if (!['public', 'internal'].includes(exposure))
    finding('exposure', 'it is public or internal', String(exposure));
  if (exposure === 'internal') return findings;
  if (tenant === 'accept')
    finding('tenant', 'a public listener takes no organisation from a header', 'accept');
  if (traceparent === 'accept') {
    finding('traceparent', 'a public listener does not continue the traces of strangers', 'accept');
  }
  return findings;
}

function proveHost(name: string, host: HostDefinition): ContractFinding[] {
  const entry = `boundaries.hosts.${name}`;
  const wrong = (host.names ?? [])
    .filter((pattern) => !hostName.test(pattern) || pattern.length > 253)
    .map((pattern) => ({
      entry: `${entry}.names`,
      rule: 'a host is a lower-case name such as billing.internal or *.internal, without scheme and port',
      value: `"${pattern}"`,
    }));
  if (name !== 'unknown') return wrong;
  const told = (['traceparent', ...carried] as const).filter((header) => host[header] === 'send');
  return [
    ...wrong,
    ...told.map((header) => ({
      entry: `${entry}.${header}`,
      rule: 'hosts that nobody declared are told nothing',
      value: host[header],
    })),
  ];
}

/** A name that meant two hosts would be treated by chance. */
function proveNamesOnce(hosts: BoundaryDefinitions['hosts']): ContractFinding[] {
  const owners = new Map<string, string>();
  return Object.entries(hosts).flatMap(([name, { names = [] }]) =>
    names.flatMap((pattern) => {
      const owner = owners.get(pattern);
      owners.set(pattern, owner ?? name);
      if (owner === undefined) return [];
      const rule = `a name means one host, and this one means ${owner}`;
      return [{ entry: `boundaries.hosts.${name}.names`, rule, value: `"${pattern}"` }];
    }),
  );
}

function proveBaggageKeys(
  { baggageKeys }: BoundaryDefinitions,
  sensitiveKeys: readonly string[],
): ContractFinding[] {
  const entry = 'boundaries.baggageKeys';
  const sensitive = new Set(sensitiveKeys.map(folded));
  const findings = baggageKeys.flatMap((key) => {
    const finding = (rule: string) => [{ entry, rule, value: `"${key}"` }];
    if (!baggageKey.test(key)) return finding('a key is letters, digits, _ . and -, at most 64 of them');
    if (identityKeys.test(key)) return finding('baggage names nobody: who a caller is comes from its token');
    return sensitive.has(folded(key)) ? finding('a sensitive key is no baggage') : [];
  });
  if (baggageKeys.length <= maximumBaggageKeys) return findings;
  const rule = `baggage has at most ${maximumBaggageKeys} keys`;
  return [...findings, { entry, rule, value: String(baggageKeys.length) }];
}

function folded(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}
