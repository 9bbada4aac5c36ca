import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ChannelCredentials, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { AuthService, type TokenVerdict } from '@ibex/api/auth';
import { type Certificates, createCertificates } from '@ibex/telemetry/testing';
import { eventually } from '../../../tests/src/support/eventually.ts';
import { spawnAuth, startAuth } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';
import { databaseKinds } from './testing/databases.ts';

function validate(address: string, security: ChannelCredentials): Promise<TokenVerdict> {
  const client = new AuthService(address, security);
  const { promise, resolve, reject } = Promise.withResolvers<TokenVerdict>();
  client.validateToken(
    { token: 'nobody' },
    { deadline: Date.now() + 5_000 },
    (error: ServiceError | null, verdict?: TokenVerdict) =>
      verdict === undefined ? reject(error) : resolve(verdict),
  );
  return promise.finally(() => client.close());
}

function trusting(server: Certificates, own?: Certificates): ChannelCredentials {
  return credentials.createSsl(
    readFileSync(server.caFile),
    own === undefined ? null : readFileSync(own.keyFile),
    own === undefined ? null : readFileSync(own.certificateFile),
  );
}

/** The status of a GET over HTTPS. */
function statusOf(url: string, certificates: Certificates): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const sent = request(url, { ca: readFileSync(certificates.caFile), agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  sent.once('error', reject).end();
  return promise;
}

describe('TLS', () => {
  const cleanup = new Cleanup();
  const certificates = () => {
    const created = createCertificates();
    cleanup.add(() => created.remove());
    return created;
  };
  const place = async () => {
    const [kind] = databaseKinds;
    assert.ok(kind !== undefined);
    return (await kind.createPlace(cleanup)).environment;
  };

  it('lets in over gRPC who trusts the certificate and, asked for one, shows a known one', async () => {
    const [own, known, stranger] = [certificates(), certificates(), certificates()];
    const auth = await startAuth({
      cleanup,
      environment: {
        ...(await place()),
        IBEX_ENV: 'production',
        IBEX_AUTH_TLS_CERTIFICATE_FILE: own.certificateFile,
        IBEX_AUTH_TLS_KEY_FILE: own.keyFile,
        IBEX_AUTH_TLS_CLIENT_CA_FILE: known.caFile,
      },
    });
    const verdict = await validate(auth.grpcAddress, trusting(own, known));
    assert.equal(verdict.status, 'TOKEN_STATUS_UNKNOWN');
    const strangers = [
      credentials.createInsecure(),
      trusting(own),
      trusting(own, stranger),
      trusting(stranger, known),
    ];
    for (const security of strangers) {
      await assert.rejects(validate(auth.grpcAddress, security), { code: status.UNAVAILABLE });
    }
    assert.equal(await statusOf(`${auth.httpUrl}/healthz`, own), 200);
    await assert.rejects(statusOf(`${auth.httpUrl}/healthz`, stranger), /self-signed|certificate/);
  });

  it('takes up new certificates on SIGHUP, and keeps the present ones when they are wrong', async () => {
    const [first, second] = [certificates(), certificates()];
    const directory = cleanup.directory();
    const files = { certificate: join(directory, 'certificate.pem'), key: join(directory, 'key.pem') };
    const install = (source: Certificates) => {
      copyFileSync(source.certificateFile, files.certificate);
      copyFileSync(source.keyFile, files.key);
    };
    install(first);
    const auth = await startAuth({
      cleanup,
      environment: {
        ...(await place()),
        IBEX_AUTH_TLS_CERTIFICATE_FILE: files.certificate,
        IBEX_AUTH_TLS_KEY_FILE: files.key,
      },
    });
    const reloaded = async (msg: string) => {
      auth.child.kill('SIGHUP');
      await eventually(() => auth.lines.some((line) => line.msg === msg) || undefined, { what: msg });
    };
    copyFileSync(second.keyFile, files.key);
    await reloaded('certificates cannot be loaded: the present ones stay in use');
    assert.equal((await validate(auth.grpcAddress, trusting(first))).status, 'TOKEN_STATUS_UNKNOWN');
    install(second);
    await reloaded('certificates loaded again');
    const warned = auth.lines.filter(({ msg }) => /certificate .* is to be renewed/.test(String(msg)));
    assert.equal(warned.length, 2, 'at the start, and for the new one');
    assert.match(String(warned[0]?.reason), /^it expires at 2/);
    assert.equal((await validate(auth.grpcAddress, trusting(second))).status, 'TOKEN_STATUS_UNKNOWN');
    await assert.rejects(validate(auth.grpcAddress, trusting(first)), { code: status.UNAVAILABLE });
    assert.equal(await statusOf(`${auth.httpUrl}/healthz`, second), 200);
  });

  it('is required in production, unless something else is said to see to it', async () => {
    const own = certificates();
    const refusals = [
      [{ IBEX_ENV: 'production' }, /must be set when IBEX_ENV is production.*IBEX_AUTH_ALLOW_PLAINTEXT/],
      [
        { IBEX_AUTH_TLS_KEY_FILE: own.keyFile },
        /IBEX_AUTH_TLS_CERTIFICATE_FILE must be set when IBEX_AUTH_TLS_KEY_FILE is/,
      ],
      [
        { IBEX_AUTH_TLS_KEY_FILE: own.keyFile, IBEX_AUTH_TLS_CERTIFICATE_FILE: '/nowhere/at/all' },
        /IBEX_AUTH_TLS_CERTIFICATE_FILE must name a readable file/,
      ],
      [
        { IBEX_AUTH_TLS_KEY_FILE: own.keyFile, IBEX_AUTH_TLS_CERTIFICATE_FILE: own.garbageFile },
        /must name a PEM certificate and its key/,
      ],
      [
        {
          IBEX_AUTH_TLS_KEY_FILE: own.keyFile,
          IBEX_AUTH_TLS_CERTIFICATE_FILE: own.certificateFile,
          IBEX_AUTH_TLS_CLIENT_CA_FILE: own.garbageFile,
        },
        /IBEX_AUTH_TLS_CLIENT_CA_FILE must name a file with the PEM certificate of an authority/,
      ],
    ] as const;
    for (const [environment, message] of refusals) {
      const auth = spawnAuth({
        cleanup,
        environment: { IBEX_DATA_DIR: cleanup.directory(), ...environment },
      });
      assert.equal(await auth.exited, 1);
      assert.match(auth.lines.map((line) => JSON.stringify(line)).join('\n') + auth.stderr(), message);
    }
    const environment = {
      ...(await place()),
      IBEX_ENV: 'production',
      IBEX_AUTH_ALLOW_PLAINTEXT: 'true',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
    };
    const auth = await startAuth({ cleanup, environment });
    auth.child.kill('SIGHUP');
    const heard = () =>
      auth.lines.some(({ msg }) => String(msg).startsWith('there is nothing to load again'));
    await eventually(() => heard() || undefined);
    assert.equal((await fetch(`${auth.httpUrl}/healthz`)).status, 200, 'SIGHUP ends nothing');
  });
});
