import type { Ports } from '../settings/ports.ts';
import type { Terminal } from './terminal.ts';

export interface BannerFacts {
  readonly ports: Ports;
  readonly apiKey: string;
  /** Signs in whoever opens it, once. */
  readonly loginUrl: string;
  readonly consoleUrl: string;
  readonly dataDirectory: string;
  readonly credentialsFile: string;
  readonly readySeconds: number;
}

const labelColumns = 15;

/** The lines shown when everything is ready. */
export function bannerLines(
  facts: BannerFacts,
  terminal: Pick<Terminal, 'style' | 'isInteractive'>,
): string[] {
  const { style } = terminal;
  const dot = ` ${style.symbols.dot} `;
  const fact = (label: string, value: string) => `  ${style.dim(label.padEnd(labelColumns))}${value}`;
  const ready = style.dim(`ready in ${facts.readySeconds.toFixed(1)} s`);
  return [
    '',
    `  ${style.bold(style.cyan(`${style.symbols.mark} Ibex is running`))}   ${ready}`,
    '',
    `  ${style.bold('Send a request')}`,
    '',
    ...curlLines(facts, terminal),
    '',
    `  ${style.bold('See it in the console')}  ${style.dim('(this link signs you in, once)')}`,
    '',
    `    ${style.cyan(facts.loginUrl)}`,
    '',
    fact('Sign in later', `${facts.consoleUrl} with the admin_token of the credentials`),
    fact('Credentials', facts.credentialsFile),
    fact('Data', facts.dataDirectory),
    fact('Also listening', otherListeners(facts.ports).join(dot)),
    fact('Stop', 'Ctrl-C'),
    '',
  ];
}

/**
 * The request to paste: folded for people, on one line for programs that read a pipe line by line.
 * Folded lines end in a backslash and nothing after it, so that a shell takes them as one.
 */
function curlLines(
  { ports, apiKey }: BannerFacts,
  terminal: Pick<Terminal, 'style' | 'isInteractive'>,
): string[] {
  const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello, Ibex' }] });
  const parts = [
    `curl http://127.0.0.1:${ports.proxy}/v1/chat/completions`,
    `-H 'Authorization: Bearer ${apiKey}'`,
    `-H 'Content-Type: application/json'`,
    `-d '${body}'`,
  ];
  if (!terminal.isInteractive) return [`    ${parts.join(' ')}`];
  const last = parts.length - 1;
  return parts.map((part, index) =>
    terminal.style.green(`${index === 0 ? '    ' : '      '}${part}${index === last ? '' : ' \\'}`),
  );
}

function otherListeners(ports: Ports): string[] {
  return [
    `auth ${ports.authHttp} (gRPC ${ports.authGrpc})`,
    `OTLP ${ports.collectorOtlpGrpc} and ${ports.collectorOtlpHttp}`,
    `queries ${ports.collectorQuery}`,
  ];
}
