import type { Health, OpsOverview, ServiceHealth } from './overview-query.ts';

export const healthLabels: Record<Health, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
};

/** The rollup in one sentence, naming the services that need a look. */
export function healthSentence(overview: Pick<OpsOverview, 'health' | 'services'>): string {
  const unwell = overview.services.filter((service) => service.state !== 'healthy');
  if (overview.health === 'healthy' && unwell.length === 0) return 'All services are healthy';
  if (unwell.length === 0) return `The platform is ${healthLabels[overview.health].toLowerCase()}`;
  return sentenceOf(unwell);
}

function sentenceOf(unwell: readonly ServiceHealth[]): string {
  const named = unwell.slice(0, 3).map((service) => `${service.name} is ${stateWord(service.state)}`);
  const rest = unwell.length - named.length;
  return rest > 0 ? `${named.join(', ')}, and ${rest} more` : named.join(', ');
}

function stateWord(state: Health): string {
  return state === 'unknown' ? 'in an unknown state' : healthLabels[state].toLowerCase();
}
