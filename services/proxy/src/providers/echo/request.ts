import { invalidRequest } from '../../api-error.ts';
import { readMessages } from '../../dialects/chat/messages.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { readTexts } from '../../dialects/tokens.ts';
import { quote } from '../../json.ts';

/** What the user asked the echo to do, and the text to answer with. */
export interface EchoRequest {
  readonly text: string;
  /** Wait before the answer. */
  readonly latencyMs: number;
  /** Wait between two chunks of a stream. */
  readonly streamDelayMs: number;
  /** Fail as if the provider had answered this status. */
  readonly failStatus: number | undefined;
  /** Break the connection off after this many chunks. */
  readonly dieAfterChunks: number | undefined;
  /** Do not answer for this long, then time out; Infinity for as long as the gateway's time-outs let it. */
  readonly hangMs: number | undefined;
}

type Instructions = { -readonly [Name in keyof EchoRequest]: EchoRequest[Name] };

interface Instruction {
  readonly usage: string;
  readonly help: string;
  /** Applies the argument; false when it breaks the rule. */
  readonly apply: (argument: string, instructions: Instructions) => boolean;
  /** Whether the word after it is its argument. */
  readonly takes: (word: string) => boolean;
}

const durationPattern = /^(\d{1,7})(ms|s)?$/;
const helpText = 'What to answer with.';
const maximumInstructions = 16;

function durationMs(text: string, maximumMs: number): number | undefined {
  const [, digits, unit] = durationPattern.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits) * (unit === 's' ? 1000 : 1);
  return value <= maximumMs ? value : undefined;
}

function integer(text: string, range: { minimum: number; maximum: number }): number | undefined {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  return value >= range.minimum && value <= range.maximum ? value : undefined;
}

const always = () => true;

/** The instructions by name. Each is bounded; docs/echo-provider.md says the same in prose. */
const instructionsByName: Readonly<Record<string, Instruction>> = {
  latency: {
    usage: '/latency 500ms',
    help: 'wait before the answer, at most 60s',
    takes: always,
    apply: (argument, into) => {
      const value = durationMs(argument, 60_000);
      into.latencyMs = value ?? 0;
      return value !== undefined;
    },
  },
  'stream-delay': {
    usage: '/stream-delay 50ms',
    help: 'wait between two chunks of a stream, at most 10s',
    takes: always,
    apply: (argument, into) => {
      const value = durationMs(argument, 10_000);
      into.streamDelayMs = value ?? 0;
      return value !== undefined;
    },
  },
  fail: {
    usage: '/fail 503',
    help: 'fail as if the provider had answered this status, 400 to 599',
    takes: always,
    apply: (argument, into) => {
      into.failStatus = integer(argument, { minimum: 400, maximum: 599 });
      return into.failStatus !== undefined;
    },
  },
  'die-after': {
    usage: '/die-after 3',
    help: 'break the connection off after this many chunks, at most 10000',
    takes: always,
    apply: (argument, into) => {
      into.dieAfterChunks = integer(argument, { minimum: 0, maximum: 10_000 });
      return into.dieAfterChunks !== undefined;
    },
  },
  hang: {
    usage: '/hang 5s',
    help: "do not answer and time out after this long, at most 600s; without a duration after the gateway's own time-out",
    takes: (word) => durationPattern.test(word),
    apply: (argument, into) => {
      into.hangMs = argument === '' ? Number.POSITIVE_INFINITY : durationMs(argument, 600_000);
      return into.hangMs !== undefined;
    },
  },
  help: {
    usage: '/help',
    help: 'list these instructions',
    takes: () => false,
    apply: (_argument, into) => {
      into.text = helpText;
      return true;
    },
  },
};

function listInstructions(): string {
  const lines = Object.values(instructionsByName).map(({ usage, help }) => `${usage} – ${help}`);
  return [
    'I answer with your last message. Instructions at its beginning make me behave differently:',
    ...lines,
  ].join('\n');
}

/** The word at the beginning of the text, cut so that a long text costs nothing, and what follows it. */
function takeWord(text: string): { word: string; rest: string } {
  const trimmed = text.trimStart();
  const end = trimmed.slice(0, 200).search(/\s/);
  const length = end === -1 ? Math.min(trimmed.length, 200) : end;
  return { word: trimmed.slice(0, length), rest: trimmed.slice(length) };
}

function applyInstruction(
  name: string,
  rest: string,
  into: { instructions: Instructions; param: string },
): string {
  const instruction = instructionsByName[name];
  if (instruction === undefined) return rest;
  const next = takeWord(rest);
  const takes = next.word !== '' && instruction.takes(next.word);
  if (!instruction.apply(takes ? next.word : '', into.instructions)) {
    const present = takes ? `it is ${quote(next.word)}` : 'it is missing';
    throw invalidRequest(
      `The argument of /${name} is wrong: ${present}. ${instruction.help}, e.g. ${instruction.usage}.`,
      { param: into.param },
    );
  }
  return takes ? next.rest : rest;
}

/** What is answered to: the last user message of a chat, or the prompt. */
function lastUserText(request: ModelRequest): { text: string; param: string } {
  if (request.dialect === 'completions') return { text: readPrompt(request)[0] ?? '', param: 'prompt' };
  const messages = readMessages(request.body);
  const found = messages.findLastIndex((message) => message.role === 'user');
  const index = found === -1 ? messages.length - 1 : found;
  return { text: messages[index]?.text ?? '', param: `messages[${index}].content` };
}

/** The texts of a request: of its messages, or its prompts. */
export function readPrompt({ dialect, body }: ModelRequest): readonly string[] {
  return dialect === 'completions' ? readTexts(body.prompt) : readMessages(body).map(({ text }) => text);
}

/**
 * Reads the instructions at the beginning of the last user message, or of the prompt; what follows them is the text.
 *
 * @throws {ApiError} 400 naming the instruction whose argument is wrong.
 */
export function readEchoRequest(request: ModelRequest): EchoRequest {
  const message = lastUserText(request);
  const instructions: Instructions = {
    text: '',
    latencyMs: 0,
    streamDelayMs: 0,
    failStatus: undefined,
    dieAfterChunks: undefined,
    hangMs: undefined,
  };
  let rest = message.text;
  for (let count = 0; count < maximumInstructions; count += 1) {
    const { word, rest: following } = takeWord(rest);
    const name = word.slice(1);
    if (!word.startsWith('/') || !Object.hasOwn(instructionsByName, name)) break;
    rest = applyInstruction(name, following, { instructions, param: message.param });
  }
  const text = instructions.text === helpText ? listInstructions() : rest.trim();
  return { ...instructions, text };
}
