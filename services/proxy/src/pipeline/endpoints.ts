import { chatFace } from '../dialects/chat/face.ts';
import { readChatRequest } from '../dialects/chat/request.ts';
import type { Endpoint } from './endpoint.ts';

/** The endpoints whose every request is one call of a model. */
export const endpoints: readonly Endpoint[] = [
  {
    url: '/v1/chat/completions',
    face: chatFace,
    read: (body, { bytes }) => readChatRequest(body, bytes),
  },
];
