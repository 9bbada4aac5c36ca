/** How text may look on one output: with colours or plain, with Unicode symbols or ASCII. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
  cyan(text: string): string;
  readonly symbols: Symbols;
}

export interface Symbols {
  readonly mark: string;
  readonly done: string;
  readonly failed: string;
  readonly dot: string;
  readonly ellipsis: string;
  readonly spinner: readonly string[];
}

const unicodeSymbols: Symbols = {
  mark: '▲',
  done: '✓',
  failed: '✗',
  dot: '·',
  ellipsis: '…',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const asciiSymbols: Symbols = {
  mark: '^',
  done: 'ok',
  failed: 'x',
  dot: '-',
  ellipsis: '...',
  spinner: ['|', '/', '-', '\\'],
};

/** Builds a style from what the output can show. */
export function createStyle(options: { colour: boolean; unicode: boolean }): Style {
  const paint = (open: number, close: number) => (text: string) =>
    options.colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
    magenta: paint(35, 39),
    cyan: paint(36, 39),
    symbols: options.unicode ? unicodeSymbols : asciiSymbols,
  };
}

/** Colours on a terminal; `NO_COLOR` turns them off and `FORCE_COLOR` on (see no-color.org and force-color.org). */
export function showsColour(environment: NodeJS.ProcessEnv, options: { isTerminal: boolean }): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false;
  const forced = environment.FORCE_COLOR ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return options.isTerminal && environment.TERM !== 'dumb';
}

/** Whether the locale, as POSIX reads it, is UTF-8; Windows and macOS terminals are. */
export function showsUnicode(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8/i.test(locale);
}
