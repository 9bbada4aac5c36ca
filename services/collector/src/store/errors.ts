/** The store cannot be opened; the message names the path and what to do. */
export class StoreOpenError extends Error {
  override name = 'StoreOpenError';
}

/** The store was closed, or its worker ended; nothing more can be read or written. */
export class StoreClosedError extends Error {
  override name = 'StoreClosedError';
}

/** A batch could not be written, and nothing of it was kept. */
export class StoreWriteError extends Error {
  override name = 'StoreWriteError';
}

/** The disk has no room for more; what is stored can still be read. */
export class StoreFullError extends Error {
  override name = 'StoreFullError';
}

/** A query was stopped because it ran longer than the limit. */
export class QueryTimeoutError extends Error {
  override name = 'QueryTimeoutError';
}

/** A query was refused because too many others wait. */
export class QueryOverloadedError extends Error {
  override name = 'QueryOverloadedError';
}

/** A query that cannot be answered as it is; the message says what to ask instead. */
export class QueryRefusedError extends Error {
  override name = 'QueryRefusedError';
}

/** Carries an error by name over the thread boundary, where classes are lost. */
export interface ErrorMessage {
  name: string;
  message: string;
}

const CLASSES = {
  StoreOpenError,
  StoreClosedError,
  StoreWriteError,
  StoreFullError,
  QueryTimeoutError,
  QueryOverloadedError,
  QueryRefusedError,
};

export function toErrorMessage(error: unknown): ErrorMessage {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

export function fromErrorMessage({ name, message }: ErrorMessage): Error {
  const known = Object.entries(CLASSES).find(([className]) => className === name);
  return known === undefined ? new Error(message) : new known[1](message);
}
