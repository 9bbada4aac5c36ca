import type { SourceModule } from '@ibex/eslint-plugin/source-rules';
import type { Findings } from '../findings.ts';
import type { RuleOf } from '../rules.ts';
import type { SourceConfig } from './config.ts';

/** What the rules over one tree share. */
export interface SourceContext {
  readonly config: SourceConfig;
  readonly report: Report;
}

export type Report = (rule: RuleOf<'source'>, place: Place, message: string) => void;

/** A place in a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The code that is there. */
  readonly code: string;
}

/** The line an offset is in, as a place. */
export function placeAt(module: SourceModule, offset: number): Place {
  const line = module.lineOf(offset);
  return { file: module.path, line, code: module.text.split('\n')[line - 1]?.trim() ?? '' };
}

/** Puts what the rules report into findings. */
export function reporterFor(findings: Findings<'source'>): Report {
  return (rule, { file, line, code }, message) => {
    findings.add(rule, `${file}:${line}`, { ...(code === '' ? {} : { value: code }), message });
  };
}
