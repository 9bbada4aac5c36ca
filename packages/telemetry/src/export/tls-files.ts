import { readFileSync } from 'node:fs';
import type { OtlpSettings } from '../config/settings.ts';

/** Certificates and key of a connection, as their files hold them. */
export interface TlsFiles {
  readonly ca: Buffer | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/**
 * Reads what the settings name.
 * @throws when a file cannot be read, at the start rather than with the first batch.
 */
export function readTlsFiles({ caFile, certificateFile, keyFile }: OtlpSettings): TlsFiles {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  return { ca: read(caFile), certificate: read(certificateFile), key: read(keyFile) };
}
