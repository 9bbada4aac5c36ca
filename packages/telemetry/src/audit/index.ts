export {
  type Audit,
  type AuditActor,
  type AuditEntry,
  type AuditEvent,
  type AuditResource,
  type AuditSink,
  createAudit,
} from './audit.ts';
export { AuditError, AuditMetadataError } from './audit-error.ts';
export { type AuditMetadata, auditMetadata } from './audit-metadata.ts';
