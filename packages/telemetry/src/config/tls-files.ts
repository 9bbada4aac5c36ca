import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, notShown } from './config-error.ts';
import { type OtlpVariable, otlpVariable } from './otlp-variables.ts';
import { type Environment, read } from './variables.ts';

/** Files for TLS, in PEM. */
export interface TlsFiles {
  readonly caFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
}

interface PemFile {
  readonly variable: OtlpVariable;
  readonly field: 'ca_file' | 'cert_file' | 'key_file';
  readonly rule: string;
  /** Throws when the content is none. */
  readonly parse: (content: Buffer) => unknown;
}

const certificate = {
  rule: 'a readable file with a certificate in PEM',
  parse: (content: Buffer) => new X509Certificate(content),
};
const caFile: PemFile = { variable: 'CERTIFICATE', field: 'ca_file', ...certificate };
const certificateFile: PemFile = { variable: 'CLIENT_CERTIFICATE', field: 'cert_file', ...certificate };
const keyFile: PemFile = {
  variable: 'CLIENT_KEY',
  field: 'key_file',
  rule: 'a readable file with a private key in PEM',
  parse: (content: Buffer) => createPrivateKey(content),
};

type OwnFiles = { readonly [Field in PemFile['field']]?: string };

/**
 * The files that variables or fields of the exporter's block name; looked into now, so that a wrong one is no riddle
 * later.
 * @throws {ConfigError} naming the variable or field as written.
 */
export function readTlsFiles(environment: Environment, own: OwnFiles): TlsFiles {
  const files = {
    caFile: readPemFile(environment, own, caFile).file,
    certificateFile: readPemFile(environment, own, certificateFile),
    keyFile: readPemFile(environment, own, keyFile),
  };
  const { certificateFile: shown, keyFile: key } = files;
  if (shown.file !== undefined && key.file === undefined) {
    throw new ConfigError(key.name, `set where ${shown.name} is`, notShown);
  }
  if (key.file !== undefined && shown.file === undefined) {
    throw new ConfigError(shown.name, `set where ${key.name} is`, notShown);
  }
  return { caFile: files.caFile, certificateFile: shown.file, keyFile: key.file };
}

/** The file, and who names it, as the operator wrote it or would write it. */
function readPemFile(
  environment: Environment,
  own: OwnFiles,
  { variable, field, rule, parse }: PemFile,
): { name: string; file: string | undefined } {
  const name = otlpVariable(environment, variable);
  const fromEnvironment = read(environment, name);
  const file = fromEnvironment ?? own[field];
  if (file === undefined) return { name, file };
  const who = fromEnvironment === undefined ? `observability.tracing.exporter.${field}` : name;
  try {
    parse(readFileSync(file));
    return { name: who, file };
  } catch {
    throw new ConfigError(who, rule, file);
  }
}
