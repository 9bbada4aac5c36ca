import type { Question } from '../harness/question.ts';
import { logQuestions } from './logs.ts';
import { metricQuestions } from './metrics.ts';
import { requestIdQuestions } from './request-id.ts';
import { spanQuestions } from './spans.ts';

/** Every question by the name it is asked under. */
export const questions: Readonly<Record<string, Question>> = {
  ...metricQuestions,
  ...spanQuestions,
  ...logQuestions,
  ...requestIdQuestions,
};
