import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly garbageFile: string;
  remove(): void;
}

/** A certificate for localhost that signs itself, made by openssl in a directory of its own. */
export function createCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-certificates-'));
  const keyFile = join(directory, 'key.pem');
  const certificateFile = join(directory, 'certificate.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', certificateFile, ...subject], {
    stdio: 'ignore',
  });
  const garbageFile = join(directory, 'garbage.pem');
  writeFileSync(garbageFile, 'this is no certificate');
  return {
    caFile: certificateFile,
    certificateFile,
    keyFile,
    garbageFile,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
