/**
 * Keys whose values never leave the process: compared without case and separators, at any depth, and replaced by
 * `[REDACTED]`. The credentials of HTTP and of this gateway are added to the platform's list.
 */
export const sensitiveKeys = [
  'password',
  'password_hash',
  'access_token',
  'refresh_token',
  'id_token',
  'ssh_private_key',
  'ssh_private_key_enc',
  'stripe_customer_id',
  'payment_reference',
  'email',
  'username',
  'access_secret_enc',
  'scheduler_metadata',
  'authorization',
  'proxy_authorization',
  'cookie',
  'set_cookie',
  'x_api_key',
  'api_key',
  'admin_token',
  'token',
  'secret',
  'client_secret',
  'private_key',
  'passwd',
  'credentials',
] as const;

/** The only keys audit metadata may have; any other is rejected. */
export const auditMetadataKeys = [
  'reason',
  'policy_key',
  'old_value',
  'new_value',
  'status_from',
  'status_to',
  'error_code',
  'request_scope',
  'idempotency_key_hash',
  'provider_ref',
  'allocation_id',
  'node_id',
] as const;
