import type { CapturedSpan } from './captured-span.ts';
import type { TraceContext } from './context.ts';
import type { DefinitionMatch } from './match-definition.ts';

/** An id, a long number or a hash: nothing that a set of names may contain. */
const rawId =
  /[0-9a-f]{8}-[0-9a-f]{4}-|\b\d{4,}\b|\b(?=[a-z]*\d)[0-9a-z]{16,}\b|\b[a-z]{2,8}_(?=[a-z]*\d)[0-9a-z]{12,}\b/i;

const longestName = 1_000;

/** One span for itself: its name, attributes, resource and status. */
export function checkSpan(
  span: CapturedSpan,
  match: DefinitionMatch | undefined,
  context: TraceContext,
): void {
  checkName(span, context);
  checkResource(span, context);
  checkErrorStatus(span, context);
  checkErrorCode(span, context);
  checkSecrets(span, context);
  if (match !== undefined) checkDeclared(span, match, context);
  else {
    const message = `no definition has the kind ${span.kind} and this name. Declare it in the contract's spans.`;
    context.findings.add('span-declared', span.name, { message, contract: context.locate('spans') });
  }
}

function checkName(span: CapturedSpan, { findings }: TraceContext): void {
  const id = rawId.exec(span.name.slice(0, longestName))?.[0];
  if (id === undefined) return;
  findings.add('no-raw-id', span.name, {
    value: id,
    message: 'a span is named by a template, never by an id.',
  });
}

function checkResource(span: CapturedSpan, { service, contract, findings, locate }: TraceContext): void {
  for (const attribute of contract.resourceAttributes) {
    const value = span.resource[attribute];
    if (typeof value === 'string' && value !== '') continue;
    const message = 'its resource lacks this attribute.';
    findings.add('resource-attributes', span.name, {
      label: attribute,
      message,
      contract: locate('resourceAttributes', attribute),
    });
  }
  const name = span.resource['service.name'];
  if (name === service || name === undefined) return;
  const message = `service.name must be ${service}.`;
  findings.add('resource-attributes', span.name, { label: 'service.name', value: name, message });
}

function checkErrorStatus(span: CapturedSpan, { findings }: TraceContext): void {
  const code = Number(
    span.attributes['http.response.status_code'] ?? span.attributes['http.status_code'] ?? 0,
  );
  if (code < 500 || span.status === 'error') return;
  const message = `a span that answers ${code} has the status error: it is ${span.status || 'absent'}.`;
  findings.add('error-status', span.name, { label: 'status', value: span.status, message });
}

/** A code one can search for and count: `upstream_timeout`, `UNAVAILABLE`. */
const errorCode = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

function checkErrorCode(span: CapturedSpan, { findings }: TraceContext): void {
  const { error_code: value } = span.attributes;
  if (span.status !== 'error' || (typeof value === 'string' && errorCode.test(value))) return;
  const message =
    'a span with the status error has an error_code, a word such as upstream_timeout: set it before the span ends.';
  findings.add('error-code', span.name, { label: 'error_code', value: value ?? 'absent', message });
}

function checkSecrets(span: CapturedSpan, { findings, secrets }: TraceContext): void {
  const places = {
    name: span.name,
    statusMessage: span.statusMessage,
    ...span.attributes,
    ...Object.fromEntries(span.events.map(({ name, attributes }) => [`event ${name}`, attributes])),
  };
  for (const [key, value] of Object.entries(places)) {
    const found = secrets.inValue(key, value);
    if (found === undefined) continue;
    const message = `${found.reason}; the value is not shown here.`;
    findings.add('no-secret', span.name, { label: found.key, message });
  }
}

function checkDeclared(
  span: CapturedSpan,
  { key, definition }: DefinitionMatch,
  context: TraceContext,
): void {
  const { service, findings, locate } = context;
  if (!definition.service.includes(service)) {
    const message = `${key} spans come from ${definition.service.join(', ')}, not from ${service}.`;
    findings.add('span-service', span.name, { message, contract: locate(key, 'service') });
  }
  for (const attribute of definition.required.filter((name) => !Object.hasOwn(span.attributes, name))) {
    const message = `a ${key} span must have this attribute.`;
    findings.add('required-attributes', span.name, {
      label: attribute,
      message,
      contract: locate(key, 'required'),
    });
  }
  checkRoute(span, context);
  // What the rule error-code asks for need not be declared once more.
  const code = span.status === 'error' ? ['error_code'] : [];
  const declared = new Set([...definition.required, ...definition.optional, ...code]);
  for (const attribute of Object.keys(span.attributes).filter((name) => !declared.has(name))) {
    const message = `a ${key} span has no such attribute. Declare it as required or optional.`;
    const value = span.attributes[attribute];
    const contract = locate(key, 'optional');
    findings.add('declared-attributes', span.name, { label: attribute, value, message, contract });
  }
}

function checkRoute(span: CapturedSpan, { service, contract, findings, locate }: TraceContext): void {
  const routes = contract.routes?.[service];
  const route = span.attributes['http.route'];
  if (routes === undefined || span.kind !== 'server' || route === undefined) return;
  if (routes.includes(String(route))) return;
  const message = `the contract names no such route of ${service}. Declare it in the contract's routes.`;
  const place = locate('routes', service);
  findings.add('route-declared', span.name, {
    label: 'http.route',
    value: route,
    message,
    contract: place,
  });
}
