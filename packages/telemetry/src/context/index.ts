export { currentRequest, currentSpan, type RequestRecord, runInScope } from './scope.ts';
