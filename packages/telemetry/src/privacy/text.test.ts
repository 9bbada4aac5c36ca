import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTextRedactor, excerpt, redactText } from './text.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';
const pem = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----';
const awsKey = 'AKIAIOSFODNN7EXAMPLE';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what is a secret is replaced, the text around it stays', () => {
  const cases: readonly (readonly [title: string, text: string, expected: string])[] = [
    [
      'bearer token',
      'sent Authorization: Bearer abc.def-12345 twice',
      'sent Authorization: Bearer [REDACTED] twice',
    ],
    ['lower-case bearer', 'bearer your-token', 'bearer [REDACTED]'],
    ['basic credentials', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [REDACTED]'],
    ['padded basic credentials', 'Basic dXNlcg== ', 'Basic [REDACTED] '],
    ['JWT', `id=${jwt}.`, 'id=[REDACTED].'],
    ['JWT without signature', 'x eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9. y', 'x [REDACTED] y'],
    ['JWT after a hyphen', `session-${jwt}`, 'session-[REDACTED]'],
    ['JWT with long parts', `${'eyJ'.padEnd(5_000, 'a')}.${'b'.repeat(5_000)}.c`, '[REDACTED]'],
    ['PEM private key', `key:\n${pem}\nend`, 'key:\n[REDACTED]\nend'],
    ['PEM key that is cut off', `key ${pem.slice(0, 50)}`, 'key [REDACTED]'],
    [
      'PGP private key',
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----',
      '[REDACTED]',
    ],
    ['PEM key with escaped lines', JSON.stringify(pem), '"[REDACTED]"'],
    ['AWS access key', `with ${awsKey}.`, 'with [REDACTED].'],
    ['temporary AWS key', 'ASIAIOSFODNN7EXAMPLE', '[REDACTED]'],
    ['Stripe live key', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', '[REDACTED]'],
    ['Stripe test key', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc', '[REDACTED]'],
    ['Stripe customer', 'for cus_NffrFeUfNV2Hib', 'for [REDACTED]'],
    [
      'model key',
      'Incorrect API key provided: sk-proj-abc_123456.',
      'Incorrect API key provided: [REDACTED].',
    ],
    ['model key of any length', `sk-${'a'.repeat(2_000)} end`, '[REDACTED] end'],
    ['gateway token', `ibex_abcdefghijklmnop_${'x'.repeat(43)}`, '[REDACTED]'],
    ['URL credentials', 'postgres://ibex:hunter2@db:5432/ibex', 'postgres://[REDACTED]@db:5432/ibex'],
    ['URL password without user', 'redis://:hunter2@cache:6379', 'redis://[REDACTED]@cache:6379'],
    ['URL user that is a token', 'https://ghp_token@host/x', 'https://[REDACTED]@host/x'],
    ['URL password with an @', 'postgres://u:p@ss@db/x', 'postgres://[REDACTED]@db/x'],
    ['URL password with a question mark', 'postgres://u:p?ss#1@db/x', 'postgres://[REDACTED]@db/x'],
    ['e-mail address', 'sent to Jane.Doe+test@mail.example.co.uk.', 'sent to [REDACTED].'],
    ['assignment', 'host=db password=hunter2 dbname=ibex', 'host=db password=[REDACTED] dbname=ibex'],
    ['quoted assignment', 'CLIENT_SECRET="a b c" next', 'CLIENT_SECRET="[REDACTED]" next'],
    ['JSON in a text', '{"password":"hunter2","a":1}', '{"password":"[REDACTED]","a":1}'],
    ['JSON number', '{"password":1234567,"a":1}', '{"password":"[REDACTED]","a":1}'],
    ['JSON list', '{"api_keys":["a]","b"],"a":1}', '{"api_keys":"[REDACTED]","a":1}'],
    ['JSON object', '{"credentials":{"user":"u}","pass":"p"},"a":1}', '{"credentials":"[REDACTED]","a":1}'],
    ['JSON that is cut off', '{"password":"hunter2 and', '{"password":"[REDACTED]'],
    ['JSON with an escaped mark', String.raw`{"token":"a\"b","c":1}`, '{"token":"[REDACTED]","c":1}'],
    [
      'a list of headers',
      '["host","h","x-api-key","hunter2","a"]',
      '["host","h","x-api-key","[REDACTED]","a"]',
    ],
    ['name and value', '{"name":"cookie","value":"hunter2"}', '{"name":"cookie","value":"[REDACTED]"}'],
    ['an attribute', '{"key":"token","value":{"stringValue":"x"}}', '{"key":"token","value":"[REDACTED]"}'],
    ['a printed object', "{ apiKey: 'hunter2', a: 1 }", "{ apiKey: '[REDACTED]', a: 1 }"],
    ['an access in code', "headers['x-api-key'] = 'hunter2';", "headers['x-api-key'] = '[REDACTED]';"],
    ['an indexed key', 'apiKey[0]=hunter2&a=1', 'apiKey[0]=[REDACTED]&a=1'],
    [
      'a header',
      'GET / HTTP/1.1\r\nCookie: sid=a; b=c\r\nHost: h',
      'GET / HTTP/1.1\r\nCookie: [REDACTED]\r\nHost: h',
    ],
    ['a header of its own', 'X-Api-Key: hunter2', 'X-Api-Key: [REDACTED]'],
    [
      'a line of YAML',
      'user:\n  username: jane\n  role: admin',
      'user:\n  username: [REDACTED]\n  role: admin',
    ],
    ['an argument', 'psql --password hunter2 -h db', 'psql --password [REDACTED] -h db'],
    ['percent codes', 'q=password%3Dhunter2 end', 'q=password=[REDACTED] end'],
    ['percent codes, twice', 'q=password%253Dhunter2 end', 'q=password=[REDACTED] end'],
    ['a bearer token in a form', 'header=Bearer+abcdef12345', 'header=Bearer [REDACTED]'],
    ['escaped characters', 'jane\\u0040example.com', '[REDACTED]'],
    ['a token after an escaped line break', 'a\\nsk-abcdefghijkl', 'a\\n[REDACTED]'],
    ['base64 of a secret', `x ${base64('Bearer abcdef12345')} y`, 'x [REDACTED] y'],
    ['base64 of JSON', `x=${base64('{"password":"hunter2"}')}`, 'x=[REDACTED]'],
    ['base64 of base64', base64(base64(`for ${awsKey} only`)), '[REDACTED]'],
    [
      'base64 in a path',
      `/v1/${Buffer.from('jane.doe@example.com').toString('base64url')}/x`,
      '/v1/[REDACTED]/x',
    ],
    ['Google key', `AIza${'Sy0aB-'.repeat(6)} end`, '[REDACTED] end'],
    ['GitHub token', `ghp_${'a1B2'.repeat(9)} end`, '[REDACTED] end'],
    ['GitHub fine-grained token', `github_pat_${'a1B2_'.repeat(9)} end`, '[REDACTED] end'],
    ['Slack token', 'xoxb-123456789012-abcdefABCDEF', '[REDACTED]'],
    ['Anthropic key', 'sk-ant-api03-abc_DEF-123', '[REDACTED]'],
    ['JSON in JSON', String.raw`{\"access_token\": \"abc\"}`, String.raw`{\"access_token\": \"[REDACTED]\"}`],
  ];
  for (const [title, text, expected] of cases) {
    test(title, () => assert.equal(redactText(text), expected));
  }

  const queryKeys = [
    ...['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Security-Token', 'AWSAccessKeyId', 'Signature', 'sig'],
    ...['X-Goog-Signature', 'key', 'token', 'api_key', 'access_token', 'apikey', 'client_secret'],
  ];
  for (const key of queryKeys) {
    test(`query key ${key}`, () => {
      assert.equal(
        redactText(`GET https://h/p?a=1&${key}=v4lue%2F1&b=2#f failed`),
        `GET https://h/p?a=1&${key}=[REDACTED]&b=2#f failed`,
      );
      assert.equal(redactText(`/p?${key}=v4lue`), `/p?${key}=[REDACTED]`);
    });
  }
});

describe('what is harmless stays', () => {
  const harmless = [
    'basic authentication failed',
    'a basic understanding of tokens',
    'bearer authentication failed.',
    'WWW-Authenticate: Bearer realm="ibex", error="invalid_token"',
    'bearer authorization required',
    'token count 12',
    'max_tokens=12 input_tokens=3',
    'status=200 path=/v1/models key=value',
    'https://example.com/a?page=2&sort=asc',
    'https://example.com:8080/@scope/package',
    'node_modules/@ibex/contract and typescript@7.0.2',
    'risk-management-plan and task_1',
    'ibex_auth_validate_token_duration_seconds_bucket',
    'unexpected token: expected a string',
    'password: null',
    'the token is valid: true',
    'gpt-4o-mini answered in 12:30:05',
    'HttpRequestHandlerFactoryBean failed',
    'at Object.<anonymous> (file:///srv/app/src/AuthService.ts:12:5)',
    '100%25 of 0af7651916cd43dd8448eb211c80319c',
    '{"input_tokens":23,"output_tokens":156}',
    'keyboard=qwertz; signature missing',
    '-----BEGIN CERTIFICATE-----',
    'eyJ is how they begin',
    '',
  ];
  for (const text of harmless) test(JSON.stringify(text), () => assert.equal(redactText(text), text));
});

describe('length', () => {
  test('a text of 16,384 characters is whole, a longer one is cut and says so', () => {
    const whole = `${'word '.repeat(3_276)}abcd`;
    assert.equal(redactText(whole), whole);
    const cut = redactText(`${whole} and more`);
    assert.ok(cut.endsWith('…[truncated]'));
    assert.ok(cut.length <= 16_384 + 12);
  });

  test('a secret across the cut is not shown in part', () => {
    for (const secret of [jwt, 'postgres://ibex:hunter2hunter2@db/x', awsKey, 'jane.doe@example.com']) {
      for (let shown = 1; shown < secret.length; shown++) {
        const text = redactText(`${'x'.repeat(16_383 - shown)} ${secret} ${'y'.repeat(100)}`);
        assert.equal(text.includes(secret.slice(0, 8)), false, secret);
      }
    }
  });

  test('an excerpt has no half of a secret', () => {
    for (const secret of [jwt, awsKey, 'jane.doe@example.com', 'sk-abcdefghijkl']) {
      for (let cut = 1; cut < secret.length + 8; cut++) {
        const shown = excerpt(`for ${secret} only`, cut);
        assert.equal(shown.includes(secret.slice(0, 4)), false, shown);
        assert.ok(shown.length <= cut + 1);
      }
    }
    assert.equal(excerpt('short', 5), 'short');
  });

  test('what was redacted once stays as it is', () => {
    const texts = [
      'password=hunter2',
      'Authorization: Digest a="b"',
      '{"token":{"a":1}}',
      'sk-abcdefghijkl',
      'a@b.co',
    ];
    for (const text of texts) {
      const once = redactText(text);
      assert.equal(redactText(once), once);
    }
  });

  test('hostile repetition is answered', () => {
    const units = [
      '"password":',
      'token:',
      'a=[',
      '\\"',
      'token=\\"',
      '%41',
      '%25',
      '\\u0041',
      'aB3/'.repeat(8),
      'eyJ-',
      'eyJ',
      'a@',
      'a.',
      '://',
      '://a:',
      '-----BEGIN PRIVATE KEY-----',
      'password="',
    ];
    for (const unit of [...units, '?key=', 'bearer ', 'basic ', 'sk-', 'token":"', '=', '@', 'a']) {
      assert.equal(typeof redactText(unit.repeat(200_000)), 'string');
    }
  });

  test('twice the text is at most twice the work', () => {
    let steps = 0;
    const redact = createTextRedactor((key) => {
      steps += key.length + 1;
      return key.endsWith('token');
    });
    const stepsFor = (unit: string, length: number) => {
      steps = 0;
      redact(unit.repeat(Math.ceil(length / unit.length)).slice(0, length));
      return steps;
    };
    for (const unit of [
      'a:',
      'token=',
      '"token":"',
      'token:[{',
      '\\"token\\":\\"',
      'a.b-c_d=',
      `${'k'.repeat(63)}:`,
      '%3D%3A',
    ]) {
      const small = stepsFor(unit, 4_000);
      assert.ok(stepsFor(unit, 16_000) <= 4.2 * small + 1_000, unit);
    }
  });

  test('what is no text is converted, not thrown on', () => {
    const hostile = Object.create(null) as string;
    assert.equal(redactText(hostile), '[unreadable]');
    assert.equal(redactText(undefined as unknown as string), 'undefined');
  });
});
