import type { AttributeValue } from './span.ts';

const httpStatus = /^\d{3}$/;
/** Names of gRPC statuses and of system errors are codes already. */
const constant = /^[A-Z][A-Z0-9_]*$/;
const longestCode = 64;

/**
 * The `error_code` of a span that failed and was given none, from its `error.type`: the name of a gRPC status or system
 * error as it is, `http_503` for an answer, `type_error` for a class, `unknown_error` where nothing is known.
 */
export function errorCodeOf(errorType: AttributeValue | undefined): string {
  if (typeof errorType !== 'string' || errorType === '') return 'unknown_error';
  if (httpStatus.test(errorType)) return `http_${errorType}`;
  if (constant.test(errorType)) return errorType.slice(0, longestCode);
  const words = errorType.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const code = words
    .slice(0, longestCode)
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '');
  return code === '' ? 'unknown_error' : code;
}
