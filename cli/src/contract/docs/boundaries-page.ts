import type { ContractDefinition } from '@ibex/contract';
import { code, codes, table } from './markdown.ts';

const headers = ['traceparent', 'tracestate', 'baggage', 'requestId', 'tenant'] as const;
const headerNames = ['traceparent', 'tracestate', 'baggage', 'X-Request-ID', 'tenant'];

/** Which header is believed where, and told whom. */
export function boundariesSection({ boundaries }: ContractDefinition): string {
  if (boundaries === undefined) return '';
  const { listeners, hosts, baggageKeys } = boundaries;
  const listenerRows = Object.entries(listeners).map(([name, listener]) => [
    code(name),
    listener.help,
    `${listener.service}, ${listener.protocol}, ${listener.exposure}`,
    ...headers.map((header) => listener[header]),
  ]);
  const hostRows = Object.entries(hosts).map(([name, host]) => [
    code(name),
    host.help,
    codes(host.names ?? []),
    ...headers.map((header) => host[header]),
  ]);
  return [
    '## Boundaries\n',
    'What is believed of requests that come in: `accept` continues the trace, `restart` begins one that links to the span',
    'of the caller, `drop` ignores what came. A listener that is not declared restarts traces.\n',
    table(['listener', '', 'where', ...headerNames], listenerRows),
    'What requests that go out tell their host:\n',
    table(['host', '', 'names', ...headerNames], hostRows),
    `Baggage is carried under these keys only: ${codes(baggageKeys)}.\n`,
  ].join('\n');
}
