/**
 * Node's `http`, not imported: an import reads every export, among them `WebSocket`, and with that Node loads its own
 * copy of undici, which no start has use for.
 */
export const builtinHttp = process.getBuiltinModule('node:http');
