import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { checkAuthority } from './certificates.ts';
import { describeError } from './describe-error.ts';
import { SettingsError } from './settings-error.ts';

/** A file and the variable that names it. */
export interface NamedFile {
  readonly setting: string;
  readonly path: string;
}

export interface TlsPaths {
  /** Our certificate and key, PEM: always both. */
  readonly certificate: NamedFile;
  readonly key: NamedFile;
  /** Who may have signed the other side's certificate, PEM. */
  readonly ca: NamedFile | undefined;
}

/** What the files held when they were read last. */
export interface TlsMaterial {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
}

function readNamed({ setting, path }: NamedFile): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SettingsError(setting, `${setting} must name a readable file: ${describeError(error)}`);
  }
}

function readMaterial({ certificate, key, ca }: TlsPaths): TlsMaterial {
  const material = {
    certificate: readNamed(certificate),
    key: readNamed(key),
    ca: ca === undefined ? undefined : readNamed(ca),
  };
  if (ca !== undefined && material.ca !== undefined) checkAuthority(ca.setting, material.ca);
  try {
    createSecureContext({ cert: material.certificate, key: material.key, ca: material.ca });
    return material;
  } catch (error) {
    throw new SettingsError(
      certificate.setting,
      `${certificate.setting} and ${key.setting} must name a PEM certificate and its key: ${describeError(error)}`,
    );
  }
}

/** Certificate and key of a server, which can be exchanged while it runs. */
export class TlsFiles {
  readonly #paths: TlsPaths;
  readonly #listeners: ((material: TlsMaterial) => void)[] = [];
  #material: TlsMaterial;

  /** @throws {SettingsError} naming the variable whose file is missing, or no PEM, or not the other's key. */
  constructor(paths: TlsPaths) {
    this.#paths = paths;
    this.#material = readMaterial(paths);
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  /** Told of what a reload has read. */
  onChange(listener: (material: TlsMaterial) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Reads the files again; connections made from now on use what they hold.
   * @throws {SettingsError} as the constructor; what was read before then stays in use.
   */
  reload(): void {
    this.#material = readMaterial(this.#paths);
    for (const listener of this.#listeners) listener(this.#material);
  }
}
