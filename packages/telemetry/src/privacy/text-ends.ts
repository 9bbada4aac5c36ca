export const quotes = '"\'`';

/**
 * Where a quoted text ends that began with so many backslashes before its mark; without an end it is the whole rest.
 * A mark inside it has more backslashes before it, one of the text around it fewer.
 */
export function endOfQuoted(
  text: string,
  { from, quote, escapes }: { from: number; quote: string; escapes: number },
): { content: number; after: number } {
  for (let mark = text.indexOf(quote, from); mark >= 0; mark = text.indexOf(quote, mark + 1)) {
    let content = mark;
    while (content > from && text[content - 1] === '\\') content--;
    const run = mark - content;
    if (run < escapes) return { content, after: mark + 1 };
    if (run % (2 * (escapes + 1)) === escapes) return { content: mark - escapes, after: mark + 1 };
  }
  return { content: text.length, after: text.length };
}

/** Where a list or object that begins here ends; without an end it is the whole rest. */
export function endOfStructure(text: string, start: number): number {
  const marks = /["'`[\]{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const mark = match[0];
    if (quotes.includes(mark)) {
      let escapes = 0;
      while (text[match.index - escapes - 1] === '\\') escapes++;
      marks.lastIndex = endOfQuoted(text, { from: match.index + 1, quote: mark, escapes }).after;
    } else if (mark === '{' || mark === '[') depth++;
    else if (--depth <= 0) return match.index + 1;
  }
  return text.length;
}
