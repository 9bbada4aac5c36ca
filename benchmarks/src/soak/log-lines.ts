/** What the log lines of requests and calls add up to. */
export class LogSums {
  requests = 0;
  calls = 0;
  inputTokens = 0;
  outputTokens = 0;
  readonly warnings: Record<string, number> = {};

  take(text: string): void {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as Record<string, unknown>;
    const isEnd = line.msg === 'request completed' || line.msg === 'request failed';
    const isRequest = isEnd && line.route === '/v1/chat/completions';
    if (line.level !== 'INFO' && !isRequest) {
      this.warnings[String(line.msg)] = (this.warnings[String(line.msg)] ?? 0) + 1;
    }
    if (!isRequest) return;
    this.requests += 1;
    if (line.provider === undefined) return;
    this.calls += 1;
    this.inputTokens += Number(line.input_tokens ?? 0);
    this.outputTokens += Number(line.output_tokens ?? 0);
  }
}
