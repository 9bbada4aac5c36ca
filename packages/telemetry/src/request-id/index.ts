export { acceptRequestId, createRequestId } from './request-id.ts';
