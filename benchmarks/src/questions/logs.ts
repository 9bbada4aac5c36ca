import { Writable } from 'node:stream';
import { pino } from 'pino';
import { defineQuestions } from '../harness/question.ts';
import { quietTelemetry } from './support.ts';

const fields = {
  provider: 'openai',
  model: 'gpt-4o-mini',
  input_tokens: 23,
  output_tokens: 156,
  route: '/v1/chat/completions',
  duration_ms: 412.7,
};
const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
const paths = [
  'password',
  '*.password',
  'access_token',
  '*.access_token',
  'api_key',
  'authorization',
  'email',
  'username',
  'cookie',
  'token',
];

export const logQuestions = defineQuestions({
  'log-line': {
    title: 'log line with 6 fields, redaction on',
    targetNanoseconds: 800,
    ibex: () => {
      const { logger } = quietTelemetry();
      return () => logger.info('response generated', fields);
    },
    peers: {
      'pino, no redaction': () => {
        const logger = pino({}, nowhere);
        return () => logger.info(fields, 'response generated');
      },
      'pino, 10 paths': () => {
        const logger = pino({ redact: paths }, nowhere);
        return () => logger.info(fields, 'response generated');
      },
    },
  },
});
