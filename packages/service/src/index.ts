export {
  type AuthConnectionSettings,
  type AuthConnectionTls,
  authConnectionSettings,
  readAuthConnectionTls,
} from './auth-connection.ts';
export { validityProblem } from './certificates.ts';
export type { SettingsCheck } from './check-settings.ts';
export { readConfigFile } from './config-file.ts';
export { type ErrorBody, errorBody } from './error-body.ts';
export { createHttpServer, type HttpServerOptions } from './http-server.ts';
export { networkOf } from './network-of.ts';
export { checkReadiness, type DependencyCheck, type Readiness } from './readiness.ts';
export {
  type BuildContext,
  type BuiltService,
  runService,
  type Server,
  type ServiceDefinition,
  type SettingsOf,
} from './run-service.ts';
export { commonSettings, type Environment, readSettings, settings } from './settings.ts';
export { SettingsError } from './settings-error.ts';
export { movable } from './start-error.ts';
export { type NamedFile, TlsFiles, type TlsMaterial, type TlsPaths } from './tls-files.ts';
