import { openAiFace } from '../openai-face.ts';

/** `POST /v1/completions` */
export const completionsFace = openAiFace('completions');
