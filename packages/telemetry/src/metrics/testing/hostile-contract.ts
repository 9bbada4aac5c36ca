import { ibexContract } from '@ibex/contract';

/** Values that a format must escape, or a reader might stumble over. */
export const hostileValues = [
  'quote " end',
  'back\\slash',
  'line\nfeed',
  'return\r',
  'a="b",c={}',
  'grün 🦌',
  ' ',
  '#',
  '\0',
] as const;

/** The shipped contract with a metric whose values need escaping, and a help text that does. */
export const hostileContract = {
  ...ibexContract,
  metrics: {
    ...ibexContract.metrics,
    hostile_texts_total: {
      type: 'counter',
      unit: 'texts',
      help: 'Quotes ", back\\slashes and\nline feeds.',
      labels: { text: hostileValues },
      services: ['proxy'],
    },
  },
} as const;
