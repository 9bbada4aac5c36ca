import { anthropicFace } from '../messages/face.ts';

/** `POST /v1/messages/count_tokens` */
export const countTokensFace = anthropicFace('count_tokens');
