import type { ContractDefinition, LabelValues, LogFieldType, MetricType } from './model.ts';

/** What a value outside a closed set becomes. */
export const other = 'other';
export type Other = typeof other;

/** The names of a contract's metrics of one type. */
export type MetricName<Contract extends ContractDefinition, Type extends MetricType> = {
  [Name in keyof Contract['metrics']]: Contract['metrics'][Name]['type'] extends Type ? Name : never;
}[keyof Contract['metrics']] &
  string;

type ValueOf<Values extends LabelValues> = Values extends readonly string[]
  ? Values[number] | Other
  : Values extends { readonly perService: infer ByService }
    ?
        | {
            [Service in keyof ByService]: ByService[Service] extends readonly string[]
              ? ByService[Service][number]
              : never;
          }[keyof ByService]
        | Other
    : string;

/** The labels of one metric: every one is required, and only values of its closed set compile. */
export type LabelsOf<Contract extends ContractDefinition, Name extends keyof Contract['metrics']> = {
  readonly [Label in keyof Contract['metrics'][Name]['labels']]: ValueOf<
    Contract['metrics'][Name]['labels'][Label]
  >;
};

/** The names of the configured sets, e.g. `model`. */
export type ConfiguredSetName<Contract extends ContractDefinition> = {
  [Name in keyof Contract['metrics']]: {
    [Label in keyof Contract['metrics'][Name]['labels']]: Contract['metrics'][Name]['labels'][Label] extends {
      readonly configured: infer SetName;
    }
      ? SetName
      : never;
  }[keyof Contract['metrics'][Name]['labels']];
}[keyof Contract['metrics']] &
  string;

type FieldValue<Type extends LogFieldType> = Type extends 'string'
  ? string
  : Type extends 'number'
    ? number
    : Type extends 'boolean'
      ? boolean
      : unknown;

/** The fields a log line may carry. */
export type LogFieldsOf<Contract extends ContractDefinition> = {
  readonly [Field in keyof Contract['logFields']]?:
    | FieldValue<Contract['logFields'][Field]['type']>
    | undefined;
};

/** Metadata of an audit entry: only allowlisted keys compile. */
export type AuditMetadataOf<Contract extends ContractDefinition> = {
  readonly [Key in Contract['auditMetadataKeys'][number]]?: string | number | boolean | null;
};

/** The value if it is in the set, else `other`: how a dynamic string enters a closed world. */
export function fold<const Values extends readonly string[]>(
  values: Values,
  value: string,
): Values[number] | Other {
  return values.includes(value) ? (value as Values[number]) : other;
}
