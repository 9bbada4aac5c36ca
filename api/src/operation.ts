/** A JSON Schema without references. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

/** One operation of an OpenAPI document, ready to become a route. */
export interface Operation {
  /** The `operationId`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As written in the document: `/login/{code}`. */
  readonly path: string;
  /** False where the document says `security: []`. */
  readonly isSecured: boolean;
  readonly parameters: readonly Parameter[];
  /** The schema of the JSON body; null for none. */
  readonly body: Schema | null;
}
