import type { OtlpSettings } from '@ibex/telemetry/config';
import { type Finding, ok, problem } from '../model.ts';
import { openTcp, openTls, resolveName, splitAddress } from '../network/connect.ts';
import { explain } from '../network/explain.ts';
import type { CollectorTarget } from './target.ts';

/** The way to the collector, step by step: the first that fails is where to look. */
export async function reachCollector(target: CollectorTarget, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of [checkName, checkTcp, checkTls]) {
    const finding = await step(target, signal);
    if (finding === undefined) continue;
    findings.push(finding);
    if (finding.status === 'problem') break;
  }
  return findings;
}

type Step = (target: CollectorTarget, signal: AbortSignal) => Promise<Finding | undefined>;

const checkName: Step = async ({ otlp, source }, signal) => {
  const { host } = splitAddress(otlp.address);
  try {
    const addresses = await resolveName(host, signal);
    return addresses[0] === host ? undefined : ok('DNS', `${host} is ${addresses.slice(0, 4).join(', ')}`);
  } catch (error) {
    const advice = `Correct the host in ${source}, or mend the name server of this machine.`;
    return problem('DNS', `${host}: ${explain(error)}`, advice);
  }
};

const checkTcp: Step = async (target, signal) => {
  const { address } = target.otlp;
  try {
    const socket = await openTcp(splitAddress(address), signal);
    socket.destroy();
    return ok('TCP', `${address} accepts connections`);
  } catch (error) {
    const advice = target.isOwn
      ? 'Start one with `npm start`, or set OTEL_EXPORTER_OTLP_ENDPOINT to one that runs.'
      : `Start it, open the port in between, or correct ${target.source}.`;
    return problem('TCP', `no collector at ${address}: ${explain(error)}`, advice);
  }
};

const checkTls: Step = async ({ otlp }, signal) => {
  if (otlp.insecure) return undefined;
  try {
    const socket = await openTls(splitAddress(otlp.address), { files: otlp, signal });
    const { subject, valid_to: until } = socket.getPeerCertificate();
    const protocol = socket.getProtocol();
    socket.destroy();
    return judgeCertificate({ name: String(subject?.CN ?? 'no name'), until, protocol: protocol ?? 'TLS' });
  } catch (error) {
    return problem('TLS', explain(error), tlsAdvice(error, otlp));
  }
};

const soonMs = 14 * 24 * 3_600_000;

function judgeCertificate(certificate: { name: string; until: string; protocol: string }): Finding {
  const { name, until, protocol } = certificate;
  const message = `${protocol}, certificate of ${name}, valid until ${until}`;
  if (Date.parse(until) - Date.now() > soonMs) return ok('TLS', message);
  return {
    status: 'warning',
    name: 'TLS',
    message,
    advice: 'Renew the certificate of the collector: it ends soon.',
  };
}

function tlsAdvice(error: unknown, { caFile }: OtlpSettings): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/WRONG_VERSION_NUMBER|ECONNRESET/.test(code)) {
    return 'The receiver speaks no TLS: write the endpoint as http://…, or set OTEL_EXPORTER_OTLP_INSECURE=true.';
  }
  if (/ALTNAME/.test(code)) return 'Use a name the certificate is made for, or have one made for this name.';
  if (/EXPIRED|NOT_YET/.test(code)) return 'Renew the certificate, and compare the clocks of both machines.';
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code)) {
    return caFile === undefined
      ? 'Set OTEL_EXPORTER_OTLP_CERTIFICATE to the file of the authority that signed it.'
      : 'OTEL_EXPORTER_OTLP_CERTIFICATE names another authority than the one that signed it.';
  }
  return 'Compare OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE and _CLIENT_KEY with what the receiver asks for.';
}
