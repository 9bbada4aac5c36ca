import { readConfigFile, SettingsError } from '@ibex/service';
import { ConfigError, type Telemetry } from '@ibex/telemetry';

type Config = Readonly<Record<string, unknown>>;

/** A part of the configuration, read and made ready; nothing of it is in use yet. */
export interface PreparedPart {
  /** Puts it in the place of the present one. It must not throw. */
  apply(): void;
  /** Lets go of it: another part was refused. */
  discard(): Promise<void> | void;
}

/** Reads its part of a configuration; throws a `SettingsError` naming the field when it cannot be used. */
export type PreparePart = (config: Config) => Promise<PreparedPart> | PreparedPart;

export interface ReloaderOptions {
  /** `IBEX_CONFIG`; undefined when there is no file. */
  readonly path: string | undefined;
  readonly parts: readonly PreparePart[];
  readonly telemetry: Telemetry;
}

/** Reads `config.yaml` anew while the gateway runs: all of it is taken, or none. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Resolves when the file as it is now was taken or refused. One asked for meanwhile is done afterwards, once. */
  reload(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#reloadUntilQuiet().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #reloadUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      await this.#reloadOnce();
    } while (this.#again);
  }

  async #reloadOnce(): Promise<void> {
    const { path, telemetry } = this.#options;
    const { logger, metrics } = telemetry;
    const reloads = metrics.counter('ibex_proxy_config_reloads_total');
    if (path === undefined) {
      logger.warn('there is no configuration to read anew: IBEX_CONFIG is not set', {
        setting: 'IBEX_CONFIG',
      });
      return;
    }
    try {
      const config = await readConfigFile(path);
      checkNotEmpty(config, path);
      for (const { apply } of await this.#prepare(config)) apply();
      reloads.increment({ result: 'applied' });
      logger.info('configuration taken', { path });
    } catch (error) {
      reloads.increment({ result: 'refused' });
      logger.error('configuration refused, the one before stays', { path, ...describe(error) });
    }
  }

  async #prepare(config: Config): Promise<readonly PreparedPart[]> {
    const prepared: PreparedPart[] = [];
    try {
      for (const prepare of this.#options.parts) prepared.push(await prepare(config));
      return prepared;
    } catch (error) {
      for (const { discard } of prepared) await discard();
      throw error;
    }
  }
}

/** An editor, or a copy under way, leaves a file empty for a moment: all models would be gone with it. */
function checkNotEmpty(config: Config, path: string): void {
  if (Object.keys(config).length > 0) return;
  throw new SettingsError(
    'IBEX_CONFIG',
    `${path} must have a section to be read anew: it is empty. To take everything away, write "providers: []".`,
  );
}

/** The fault of an operator is named; what broke inside is shown whole. */
function describe(error: unknown) {
  if (error instanceof ConfigError) return { setting: error.field, reason: error.message };
  return error instanceof SettingsError ? { setting: error.setting, reason: error.message } : { error };
}
