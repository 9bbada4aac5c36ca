import { type Finding, ok, problem } from '../model.ts';

const oldestMajor = 24;

/** Services run from TypeScript sources, without a build; that needs a Node that strips types. */
export function checkNodeVersion(version: string): Finding {
  const major = Number(version.split('.', 1)[0]);
  if (major >= oldestMajor) return ok('Node', `v${version}`);
  const message = `v${version} is older than ${oldestMajor}, which the services need`;
  return problem('Node', message, 'Start with `npm start`, which brings its own Node, or install Node 24.');
}
