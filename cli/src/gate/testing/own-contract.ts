import { defineContract, ibexContract, type Probes } from '@ibex/contract';

/** A contract of a team's own, with a service and routes of its own. */
export const contract = defineContract({
  extends: ibexContract,
  services: ['billing'],
  routes: { billing: ['/invoices/:id'] },
  namespaces: ['acme_billing'],
  metrics: {
    acme_billing_invoices_total: {
      type: 'counter',
      unit: 'invoices',
      help: 'Invoices read.',
      labels: { result: ['ok', 'error'] },
      services: ['billing'],
    },
  },
  boundaries: {
    listeners: {
      billing: {
        ...ibexContract.boundaries.listeners.collector_query,
        service: 'billing',
        help: 'Invoices.',
      },
    },
  },
});

export const probes = {
  billing: [
    { name: 'invoice', method: 'GET', path: '/invoices/4711', route: '/invoices/:id', status: 200 },
    { name: 'unknown', method: 'GET', path: '/nowhere', route: 'unmatched', status: 404 },
  ],
} satisfies Probes;
