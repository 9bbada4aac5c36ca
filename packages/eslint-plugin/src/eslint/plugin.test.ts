import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Linter, RuleTester } from 'eslint';
import plugin from '../index.ts';
import { sourceRules } from '../source/rule.ts';

RuleTester.describe = (text, method) => void describe(text, method);
RuleTester.it = (text, method) => void it(text, method);
RuleTester.itOnly = (text, method) => void it.only(text, method);
const tester = new RuleTester();

interface Cases {
  readonly valid: readonly string[];
  /** Code, and the line of each finding. */
  readonly invalid: readonly (readonly [code: string, line: number, message: RegExp])[];
}

const cases: Readonly<Record<keyof typeof plugin.rules, Cases>> = {
  'binary-starts-telemetry': {
    valid: [
      "import { runService } from '@ibex/service'; await runService({});",
      "import { startTelemetry as start } from '@ibex/telemetry'; start({});",
      "const { startTelemetry } = require('@ibex/telemetry'); startTelemetry({});",
    ],
    invalid: [
      ["import './server.js';", 1, /does not call runService or startTelemetry/],
      ["import { startTelemetry } from '@ibex/telemetry';", 1, /does not call/],
    ],
  },
  'http-server-wrapped': {
    valid: [
      "import fastify from 'fastify';\nimport { httpTelemetry } from '@ibex/telemetry/http'; const app = fastify(); app.register(httpTelemetry, {});",
      "import { createServer } from 'node:http';\nimport { observeHttp } from '@ibex/telemetry/http/node'; createServer(observeHttp(telemetry, () => {}));",
      "import { createServer } from 'node:net'; createServer();",
    ],
    invalid: [
      [
        "import express from 'express';\nconst app = express();\napp.use(express.json());",
        2,
        /line 3 comes first/,
      ],
      [
        "const express = require('express');\n\nconst app = express();",
        3,
        /nothing is registered on it here/,
      ],
      ["const http = require('node:http');\nhttp.createServer(() => {}).listen(1);", 2, /an HTTP server/],
      [
        "const { createServer } = process.getBuiltinModule('node:http');\ncreateServer(() => {}).listen(1);",
        2,
        /an HTTP server/,
      ],
    ],
  },
  'grpc-server-intercepted': {
    valid: [
      "import { Server } from '@grpc/grpc-js';\nimport { serverInterceptor } from '@ibex/telemetry/grpc'; new Server({ interceptors: [serverInterceptor(telemetry)] });",
    ],
    invalid: [["import * as grpc from '@grpc/grpc-js';\nnew grpc.Server();", 2, /serverInterceptor/]],
  },
  'consumer-span': {
    valid: [
      "import { connect } from 'nats'; for await (const message of (await connect()).subscribe('a')) await tracer.withSpan('process a', { kind: 'consumer' }, () => handle(message));",
      "import { connect } from 'nats';\nimport { SpanKind } from '@opentelemetry/api'; subscription.subscribe('a'); tracer.startSpan('process a', { kind: SpanKind.CONSUMER });",
      "import { connect } from 'nats'; (await connect()).publish('a');",
    ],
    invalid: [
      ["import { Worker } from 'bullmq';\nnew Worker('queue', handle);", 2, /kind consumer/],
      [
        "import { Kafka } from 'kafkajs';\nconsumer.run();\nconsumer.subscribe({ topic: 'a' });",
        3,
        /correlation_id/,
      ],
    ],
  },
  'metrics-confined': {
    valid: ["import { trace } from '@opentelemetry/api';"],
    invalid: [
      ["import { Counter } from 'prom-client';", 1, /only telemetry imports a metrics client/],
      ["import { metrics } from '@opentelemetry/api';", 1, /registers metrics past the contract/],
      ["\nconst client = await import('prom-client');", 2, /metrics client/],
      ["const { Registry } = require('prom-client');", 1, /metrics client/],
    ],
  },
  'tracing-confined': {
    valid: ["import { trace } from '@opentelemetry/api';"],
    invalid: [["export * from '@opentelemetry/sdk-node';", 1, /tracing SDK/]],
  },
  'logging-confined': {
    valid: ["import { thing } from './pino.js';"],
    invalid: [["import 'winston';", 1, /telemetry\.logger/]],
  },
  'output-sanitised': {
    valid: ['telemetry.logger.info("started");', 'const console = open(); console.log(1);'],
    invalid: [
      ['\nconsole.log(1);', 2, /telemetry\.logger alone/],
      ['process.stdout.write("x");', 1, /telemetry\.logger alone/],
    ],
  },
  'errors-sanitised': {
    valid: ['reply.send({ message: redactText(error.message) });', 'reply.send({ code: "internal" });'],
    invalid: [
      ['reply.code(500).send({ message: JSON.stringify(error) });', 1, /as it was thrown/],
      ['response.json({ ...error });', 1, /as it was thrown/],
      ['const where = failure.stack;', 1, /a stack stays inside/],
    ],
  },
  'endpoint-wired': {
    valid: [
      "import { startTelemetry } from '@ibex/telemetry'; startTelemetry({ environment: process.env });",
    ],
    invalid: [
      [
        "import { startTelemetry } from '@ibex/telemetry';\nstartTelemetry({ environment: { A: 'b' } });",
        2,
        /another environment/,
      ],
    ],
  },
};

for (const [id, { valid, invalid }] of Object.entries(cases)) {
  const rule = plugin.rules[id as keyof typeof plugin.rules];
  tester.run(id, rule, {
    valid: [...valid],
    invalid: invalid.map(([code, line, message]) => ({ code, errors: [{ line, message }] })),
  });
}

test('every rule is shown by a case, and described', () => {
  assert.deepEqual(Object.keys(cases).toSorted(), Object.keys(plugin.rules).toSorted());
  for (const [id, description] of Object.entries(sourceRules)) {
    assert.equal(plugin.rules[id as keyof typeof plugin.rules].meta?.docs?.description, description);
  }
});

function lint(code: string, settings: Record<string, unknown>): string[] {
  const plugins = { '@ibex': { rules: plugin.rules } };
  const config = { plugins, settings, rules: { '@ibex/binary-starts-telemetry': 'error' } } as const;
  return new Linter().verify(code, [config]).map(({ message }) => message);
}

test('a project can have starters of its own', () => {
  const code = "import { boot } from './boot.js'; boot();";
  assert.equal(lint(code, {}).length, 1);
  assert.deepEqual(lint(code, { ibex: { starters: ['boot'] } }), []);
});

test('settings that make no sense are named', () => {
  assert.throws(
    () => lint('', { ibex: { starter: [] } }),
    /settings\.ibex has the fields .*"starter" is none/,
  );
  assert.throws(
    () => lint('', { ibex: { wrappers: 'x' } }),
    /settings\.ibex\.wrappers must be a list of texts/,
  );
  assert.throws(() => lint('', { ibex: [] }), /settings\.ibex must be an object/);
});
