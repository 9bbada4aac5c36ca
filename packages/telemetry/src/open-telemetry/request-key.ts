import { createContextKey } from '@opentelemetry/api';

/** Where a context of the API keeps the request being served. */
export const requestKey = createContextKey('ibex.request');
