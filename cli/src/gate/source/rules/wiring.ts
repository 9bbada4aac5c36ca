import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SourceContext } from '../context.ts';

export const endpointVariable = 'OTEL_EXPORTER_OTLP_ENDPOINT';
/** A container with one of these runs a service that speaks telemetry. */
const telemetryVariable = /^(IBEX_|OTEL_)/;

/** The files that hand variables to processes hand over the endpoint, too. */
export function wiring(root: string, files: readonly string[], context: SourceContext): void {
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    if (/\.ya?ml$/.test(file)) checkDocuments(file, text, context);
    else if (!text.includes(endpointVariable)) {
      const message = `${endpointVariable} is not handed to the processes this file starts.`;
      context.report('endpoint-wired', { file, line: 1, code: '' }, message);
    }
  }
}

function checkDocuments(file: string, text: string, { report }: SourceContext): void {
  for (const document of parseAllDocuments(text)) {
    for (const { name, variables } of containersOf(document.toJS({ maxAliasCount: 100 }))) {
      const speaks = variables.some((variable) => telemetryVariable.test(variable));
      if (!speaks || variables.includes(endpointVariable)) continue;
      const line = lineOf(text, name);
      const message = `${endpointVariable} is not among the variables of ${name}.`;
      report('endpoint-wired', { file, line, code: name }, message);
    }
  }
}

/** The line that names a container: `name: shop` in Kubernetes, `shop:` in a compose file. */
function lineOf(text: string, name: string): number {
  const offset = [`name: ${name}`, `${name}:`].map((part) => text.indexOf(part)).find((index) => index >= 0);
  return text.slice(0, offset ?? 0).split('\n').length;
}

interface Container {
  readonly name: string;
  readonly variables: readonly string[];
}

type Table = Readonly<Record<string, unknown>>;

/** Services of a compose file, or containers of a Kubernetes object. */
function containersOf(document: unknown): Container[] {
  const { services, spec } = tableOf(document);
  const composed = Object.entries(tableOf(services)).map(([name, service]) => {
    return { name, variables: variablesOf(tableOf(service).environment) };
  });
  const template = tableOf(tableOf(tableOf(spec).template).spec);
  const containers = [template.containers, tableOf(spec).containers].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [...composed, ...containers.map(containerOf)];
}

function containerOf(value: unknown): Container {
  const { name, env, envFrom } = tableOf(value);
  // What a ConfigMap or Secret holds cannot be told from here.
  const fromElsewhere = Array.isArray(envFrom) && envFrom.length > 0 ? [endpointVariable] : [];
  return { name: String(name), variables: [...variablesOf(env), ...fromElsewhere] };
}

/** Names of variables from a table, or from a list of `NAME=value` or `{ name }`. */
function variablesOf(environment: unknown): string[] {
  if (!Array.isArray(environment)) return Object.keys(tableOf(environment));
  return environment.map((item) => {
    return typeof item === 'string' ? (item.split('=')[0] ?? '') : String(tableOf(item).name);
  });
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
