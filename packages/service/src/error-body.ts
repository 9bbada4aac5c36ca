/** An error as every HTTP API of ours answers it, except where a provider's shape is asked for. */
export interface ErrorBody {
  readonly error: {
    /** Stable and machine-readable, e.g. `not_found`. */
    readonly code: string;
    readonly message: string;
    readonly requestId: string | null;
  };
}

export function errorBody(error: ErrorBody['error']): ErrorBody {
  return { error };
}
