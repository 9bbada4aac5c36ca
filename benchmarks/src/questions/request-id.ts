import { randomUUID } from 'node:crypto';
import { createRequestId } from '@ibex/telemetry/request-id';
import { v7 } from 'uuid';
import { defineQuestions } from '../harness/question.ts';

export const requestIdQuestions = defineQuestions({
  'request-id': {
    title: 'request id (UUIDv7)',
    targetNanoseconds: 100,
    ibex: () => createRequestId,
    peers: { 'uuid v7': () => () => v7(), 'crypto.randomUUID (v4)': () => () => randomUUID() },
  },
});
