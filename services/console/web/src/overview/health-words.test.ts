import { describe, expect, it } from 'vitest';
import { healthSentence } from './health-words.ts';

const service = (name: string, state: 'healthy' | 'degraded' | 'down' | 'unknown') => ({
  name,
  state,
  detail: '',
  dependencies: [],
});

describe('the health sentence', () => {
  it('is short when all is well', () => {
    expect(healthSentence({ health: 'healthy', services: [service('proxy', 'healthy')] })).toBe(
      'All services are healthy',
    );
  });

  it('names what needs a look', () => {
    const services = [service('proxy', 'degraded'), service('auth', 'down'), service('collector', 'healthy')];
    expect(healthSentence({ health: 'down', services })).toBe('proxy is degraded, auth is down');
  });

  it('counts what it does not name', () => {
    const services = ['a', 'b', 'c', 'd', 'e'].map((name) => service(name, 'unknown'));
    expect(healthSentence({ health: 'unknown', services })).toMatch(
      /^a is in an unknown state, .*, and 2 more$/,
    );
  });
});
