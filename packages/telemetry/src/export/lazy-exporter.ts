import type { SpanExporter } from './exporter.ts';

/**
 * An exporter that is loaded with its first batch, so that its client takes no time of the start. What it cannot load
 * is tried again, as a receiver that cannot be reached would be.
 */
export function createLazyExporter(
  load: () => Promise<SpanExporter>,
  own: Pick<SpanExporter, 'hold'> = {},
): SpanExporter {
  let loading: Promise<SpanExporter> | undefined;
  let closed = false;

  async function loaded(): Promise<SpanExporter> {
    const exporter = await load();
    if (closed) exporter.close();
    return exporter;
  }

  return {
    ...own,
    export: async (spans) => {
      loading ??= loaded();
      try {
        return await (await loading).export(spans);
      } catch (error) {
        loading = undefined;
        return { outcome: 'retry', reason: `the exporter cannot be loaded: ${String(error)}` };
      }
    },
    close: () => {
      closed = true;
      loading?.then((exporter) => exporter.close()).catch(() => {});
    },
  };
}
