import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorText } from '../../user-error.ts';
import { type Finding, ok, problem, warning } from '../model.ts';

const mebibyte = 1024 * 1024;
const enough = 2048 * mebibyte;
const tooLittle = 256 * mebibyte;

/** Room and permission where `ibex up` keeps everything. */
export function checkDataDirectory(directory: string): Finding {
  const name = 'data directory';
  const place = nearestExisting(directory);
  try {
    if (!statSync(place).isDirectory()) {
      return problem(
        name,
        `${place} is no directory`,
        'Move the file away, or set IBEX_DATA_DIR to a directory.',
      );
    }
    accessSync(place, constants.W_OK);
    const { bavail, bsize } = statfsSync(place);
    return judge(directory, { freeBytes: bavail * bsize, isNew: place !== directory });
  } catch (error) {
    return problem(
      name,
      `${place} cannot be written: ${errorText(error)}`,
      'Mend that, or set IBEX_DATA_DIR to a directory you can write.',
    );
  }
}

function judge(directory: string, { freeBytes, isNew }: { freeBytes: number; isNew: boolean }): Finding {
  const name = 'data directory';
  const state = isNew ? 'not made yet' : 'there';
  const message = `${directory}, ${state}, ${shownBytes(freeBytes)} free`;
  const advice = 'Make room, or set IBEX_DATA_DIR to a larger disk; retention then deletes what is old.';
  if (freeBytes < tooLittle) return problem(name, message, advice);
  return freeBytes < enough ? warning(name, message, advice) : ok(name, message);
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function shownBytes(bytes: number): string {
  return bytes >= 1024 * mebibyte
    ? `${(bytes / 1024 / mebibyte).toFixed(1)} GiB`
    : `${Math.floor(bytes / mebibyte)} MiB`;
}
