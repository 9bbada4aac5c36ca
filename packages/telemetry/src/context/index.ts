export { currentRequest, currentSpan, type RequestRecord, runAtOnce, runInScope } from './scope.ts';
