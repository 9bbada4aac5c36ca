import { isIP } from 'node:net';
import { z } from 'zod';

const maximumProxies = 100;

/** An address, or a network in CIDR notation that is not everybody. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** Addresses and networks by comma; undefined when none are named. */
export function trustedProxiesSetting() {
  return z
    .string()
    .transform((text, context) => {
      const networks = text.split(',').map((each) => each.trim());
      if (networks.length <= maximumProxies && networks.every(isNetwork)) return networks;
      context.addIssue('invalid');
      return z.NEVER;
    })
    .optional()
    .meta({
      rule: `addresses and networks by comma, such as "10.0.0.0/8,fd00::7", at most ${maximumProxies} and none with a prefix of 0`,
    });
}
