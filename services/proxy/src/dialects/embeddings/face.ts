import { openAiFace } from '../openai-face.ts';

/** `POST /v1/embeddings` */
export const embeddingsFace = openAiFace('embeddings');
