import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createCertificates } from '@ibex/telemetry/testing';
import { z } from 'zod';
import { authConnectionSettings, readAuthConnectionTls } from './auth-connection.ts';
import { type Environment, readSettings } from './settings.ts';

function read(environment: Environment) {
  return readAuthConnectionTls(readSettings(z.object(authConnectionSettings), environment), environment);
}

describe('the connection to auth', () => {
  const own = createCertificates();
  const other = createCertificates();
  after(() => {
    own.remove();
    other.remove();
  });

  it('is plain outside of production, or where that is said to be meant', () => {
    assert.equal(read({}), undefined);
    assert.equal(read({ IBEX_ENV: 'staging' }), undefined);
    assert.equal(read({ IBEX_ENV: 'production', IBEX_AUTH_ALLOW_PLAINTEXT: 'true' }), undefined);
  });

  it('takes a certificate to trust, and one to show', () => {
    const tls = read({
      IBEX_ENV: 'production',
      IBEX_AUTH_GRPC_CA_FILE: other.caFile,
      IBEX_AUTH_GRPC_CERTIFICATE_FILE: own.certificateFile,
      IBEX_AUTH_GRPC_KEY_FILE: own.keyFile,
    });
    for (const part of [tls?.ca, tls?.certificate, tls?.key]) assert.match(String(part), /^-----BEGIN/);
  });

  it('names what is missing or wrong', () => {
    const cases: readonly (readonly [Environment, RegExp])[] = [
      [
        { IBEX_ENV: 'production' },
        /IBEX_AUTH_GRPC_CA_FILE must be set when IBEX_ENV is production.*IBEX_AUTH_ALLOW_PLAINTEXT/,
      ],
      [
        { IBEX_AUTH_GRPC_KEY_FILE: own.keyFile },
        /IBEX_AUTH_GRPC_CERTIFICATE_FILE must be set when IBEX_AUTH_GRPC_KEY_FILE is/,
      ],
      [
        { IBEX_AUTH_GRPC_CERTIFICATE_FILE: own.certificateFile },
        /IBEX_AUTH_GRPC_KEY_FILE must be set when IBEX_AUTH_GRPC_CERTIFICATE_FILE is/,
      ],
      [
        { IBEX_AUTH_GRPC_CA_FILE: '/nowhere/at/all' },
        /IBEX_AUTH_GRPC_CA_FILE must name a readable file: .*ENOENT/,
      ],
      [
        { IBEX_AUTH_GRPC_CA_FILE: own.garbageFile },
        /IBEX_AUTH_GRPC_CA_FILE must name a file with the PEM certificate of an authority/,
      ],
      [
        { IBEX_AUTH_GRPC_CA_FILE: own.keyFile },
        /IBEX_AUTH_GRPC_CA_FILE must name a file with the PEM certificate of an authority/,
      ],
      [
        { IBEX_AUTH_GRPC_CERTIFICATE_FILE: own.certificateFile, IBEX_AUTH_GRPC_KEY_FILE: other.keyFile },
        /must name PEM files that belong together/,
      ],
    ];
    for (const [environment, message] of cases) assert.throws(() => read(environment), message);
  });
});
