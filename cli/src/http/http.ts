/**
 * Node's HTTP module, not by `import`: an import reads each of the module's exports, the lazy ones too, and so loads
 * all of undici, which takes 13 MB of the 60 MB this process may have.
 */
export const http = process.getBuiltinModule('node:http');
