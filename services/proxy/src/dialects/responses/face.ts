import type { ApiError } from '../../api-error.ts';
import { namedEvent } from '../../sse/event.ts';
import type { Face } from '../face.ts';
import { openAiFace } from '../openai-face.ts';

/** `POST /v1/responses` and what it made. A stream that fails ends with an event of type `error`. */
export const responsesFace: Face = {
  ...openAiFace('responses'),
  errorEvent: ({ code, message, param }: ApiError, requestId: string) =>
    namedEvent('error', { type: 'error', code, message, param: param ?? null, request_id: requestId }),
};
