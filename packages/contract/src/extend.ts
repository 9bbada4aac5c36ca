import { operationalRoutes } from './ibex/values.ts';
import type {
  BoundaryDefinitions,
  ContractDefinition,
  JoinedBy,
  LabelValues,
  MetricDefinition,
  SpanDefinition,
} from './model.ts';

/**
 * What a contract that extends another may add: lists are appended to, tables get further entries, `budget` and
 * `retention` are replaced. An inherited entry cannot be redefined: services already speak by it. Routes come with those
 * that every service of ours has, such as `/healthz`.
 */
export type ContractExtension = Partial<Omit<ContractDefinition, 'boundaries'>> & {
  readonly boundaries?: Partial<BoundaryDefinitions>;
};

/** The contract that results from extending `Base` by `Own`. */
export type Extended<Base extends ContractDefinition, Own extends ContractExtension> = {
  readonly [Key in Extract<keyof ContractDefinition, keyof Base | keyof Own>]: Key extends 'metrics'
    ? JoinedMetrics<Base['metrics'], Own> & OwnEntries<Own, 'metrics'>
    : Key extends keyof Own
      ? Key extends keyof Base
        ? Own[Key] extends readonly (infer OwnItem)[]
          ? Base[Key] extends readonly (infer BaseItem)[]
            ? readonly (BaseItem | OwnItem)[]
            : never
          : Key extends 'budget' | 'retention'
            ? Own[Key]
            : Key extends 'boundaries'
              ? JoinedBoundaries<Base[Key], Own[Key]>
              : Base[Key] & Own[Key]
        : Own[Key]
      : Key extends keyof Base
        ? Base[Key]
        : never;
};

type JoinedBoundaries<Inherited, Own> = Omit<Inherited, 'baggageKeys'> &
  Omit<Own, 'baggageKeys'> & { readonly baggageKeys: readonly string[] };

type OwnEntries<Own, Key extends PropertyKey> = Key extends keyof Own ? Own[Key] : unknown;

/** Inherited metrics, with the own services and routes among the values of those that are open to them. */
type JoinedMetrics<Metrics extends ContractDefinition['metrics'], Own extends ContractExtension> = {
  readonly [Name in keyof Metrics]: Metrics[Name] extends { readonly joinedBy: JoinedBy }
    ? Omit<Metrics[Name], 'labels' | 'services'> & {
        readonly services: readonly string[];
        readonly labels: {
          readonly [Label in keyof Metrics[Name]['labels']]: JoinedValues<
            Metrics[Name]['labels'][Label],
            Label,
            Own
          >;
        };
      }
    : Metrics[Name];
};

type JoinedValues<Values extends LabelValues, Label, Own extends ContractExtension> = Values extends {
  readonly perService: infer ByService;
}
  ? { readonly perService: ByService & (Own extends { readonly routes: infer Routes } ? Routes : unknown) }
  : Label extends 'service'
    ? Values extends readonly (infer Name)[]
      ? readonly (Name | (Own extends { readonly services: readonly (infer Added)[] } ? Added : never))[]
      : Values
    : Values;

/** Lists are joined, each item once; everything else is merged by key. */
export function extendContract(base: ContractDefinition, own: ContractExtension): ContractDefinition {
  const routes = withOperationalRoutes(own.routes);
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries({ ...own, ...(routes && { routes }) })) {
    merged[key] = key === 'boundaries' ? mergeEach(merged[key], value) : merge(merged[key], value);
  }
  const whole = merged as unknown as ContractDefinition;
  const added: Added = {
    every_service: (own.services ?? []).filter((service) => !base.services.includes(service)),
    http_services: Object.keys(routes ?? {}),
    routes: routes ?? {},
  };
  return { ...whole, metrics: joinMetrics(whole.metrics, added), spans: joinSpans(whole.spans, added) };
}

/** What an extension brings for inherited entries to be joined by. */
type Added = Readonly<Record<JoinedBy, readonly string[]>> & {
  readonly routes: Readonly<Record<string, readonly string[]>>;
};

function withOperationalRoutes(routes: ContractExtension['routes']): ContractExtension['routes'] {
  if (routes === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(routes).map(([service, own]) => [
      service,
      [...own, ...operationalRoutes.filter((route) => !own.includes(route))],
    ]),
  );
}

function merge(inherited: unknown, value: unknown): unknown {
  return Array.isArray(inherited) && Array.isArray(value)
    ? [...new Set([...inherited, ...value])]
    : { ...(inherited as object), ...(value as object) };
}

function mergeEach(inherited: unknown, value: object): unknown {
  const merged: Record<string, unknown> = {
    ...(inherited ?? { listeners: {}, hosts: {}, baggageKeys: [] }),
  };
  for (const [key, table] of Object.entries(value)) merged[key] = merge(merged[key], table);
  return merged;
}

function joinMetrics(metrics: ContractDefinition['metrics'], added: Added): ContractDefinition['metrics'] {
  return mapValues(metrics, (metric) => {
    const joining = joiningOf(metric, added);
    if (joining.length === 0) return metric;
    return {
      ...metric,
      services: joined(metric.services, joining),
      labels: mapValues(metric.labels, (values, label) => joinValues(values, { label, joining, added })),
    } satisfies MetricDefinition;
  });
}

function joinSpans(spans: ContractDefinition['spans'], added: Added): ContractDefinition['spans'] {
  return mapValues(spans, (span) => {
    const joining = joiningOf(span, added);
    if (joining.length === 0) return span;
    return { ...span, service: joined(span.service, joining) } satisfies SpanDefinition;
  });
}

function joiningOf({ joinedBy }: { readonly joinedBy?: JoinedBy }, added: Added): readonly string[] {
  return joinedBy === undefined ? [] : added[joinedBy];
}

function joinValues(
  values: LabelValues,
  { label, joining, added }: { label: string; joining: readonly string[]; added: Added },
): LabelValues {
  if ('perService' in values) return { perService: { ...values.perService, ...added.routes } };
  return label === 'service' && !('configured' in values) ? joined(values, joining) : values;
}

function joined(names: readonly string[], further: readonly string[]): readonly string[] {
  return [...new Set([...names, ...further])];
}

function mapValues<Value>(
  table: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, map(value, key)]));
}
