import { openAiFace } from '../openai-face.ts';

/** `POST /v1/chat/completions` */
export const chatFace = openAiFace('chat');
