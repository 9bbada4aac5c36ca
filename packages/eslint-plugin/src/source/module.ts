import { collectFacts, type Facts } from './facts.ts';
import { type Imported, importsOf } from './imports.ts';
import type { Node } from './node.ts';

/** One source file, read. */
export interface SourceModule {
  /** As findings name it. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Imported[];
  readonly facts: Facts;
  lineOf(offset: number): number;
}

/** A module as the rules see it, from the tree a parser made of its text. */
export function createModule(program: Node, { path, text }: { path: string; text: string }): SourceModule {
  let facts: Facts | undefined;
  return {
    path,
    text,
    imports: importsOf(program),
    // Most rules need only the imports; the rest is collected for those that need more.
    get facts() {
      facts ??= collectFacts(program);
      return facts;
    },
    lineOf: (offset) => text.slice(0, offset).split('\n').length,
  };
}
