import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCertificates } from '@ibex/telemetry/testing';
import { validityProblem } from './certificates.ts';

test('a certificate is warned of from a week before its end, and outside of its time', (context) => {
  const own = createCertificates();
  context.after(() => own.remove());
  const pem = readFileSync(own.certificateFile);
  const { validFromDate, validToDate } = new X509Certificate(pem);
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  assert.match(validityProblem(pem, from - 1) ?? '', /^it is not valid before 2/);
  assert.match(validityProblem(pem, to - 1) ?? '', /^it expires at 2/);
  assert.match(validityProblem(pem, to + 1) ?? '', /^it expired at 2/);
});
