/**
 * The one table of errors. Every door reads it: HTTP takes `status`, MCP takes `rpc` (JSON-RPC 2.0 code; our own faults
 * are -32603, a client-fault code is only used for a client's fault), the window and the CLI show the message.
 * `message` here is the fallback; the place that knows the cause says it better.
 */
export const errorTable = {
  bad_request: { status: 400, rpc: -32600, message: 'The request could not be read.' },
  invalid_input: { status: 422, rpc: -32602, message: 'Some fields are not valid.' },
  unauthorized: { status: 401, rpc: -32600, message: 'A valid token is needed.' },
  forbidden: { status: 403, rpc: -32600, message: 'This is not allowed from here.' },
  plan_required: { status: 403, rpc: -32603, message: 'Custom integrations need the Enterprise plan.' },
  system_integration: { status: 403, rpc: -32603, message: 'A system integration can be disabled, but not deleted.' },
  not_found: { status: 404, rpc: -32602, message: 'There is nothing with this name.' },
  method_not_allowed: { status: 405, rpc: -32600, message: 'This address does not take this method.' },
  name_taken: { status: 409, rpc: -32602, message: 'This name is already used in this workspace.' },
  in_use: { status: 409, rpc: -32603, message: 'Something else is using this.' },
  too_large: { status: 413, rpc: -32600, message: 'The message is larger than the limit.' },
  unsupported_media_type: { status: 415, rpc: -32600, message: 'Send the body as application/json.' },
  vault_locked: { status: 423, rpc: -32603, message: 'The vault is locked. Unlock it to use stored credentials.' },
  rate_limited: { status: 429, rpc: -32603, message: 'Too many requests at once. Try again shortly.' },
  internal: { status: 500, rpc: -32603, message: 'Gatehouse could not finish this. The log has the details.' },
  upstream_unavailable: { status: 502, rpc: -32603, message: 'The integration is not reachable.' },
  upstream_invalid: { status: 502, rpc: -32603, message: 'The integration answered with something that is not MCP.' },
  authorization_required: {
    status: 502,
    rpc: -32603,
    message: 'The integration does not accept the stored credentials.',
  },
  upstream_timeout: { status: 504, rpc: -32603, message: 'The integration did not answer in time.' },
} as const satisfies Record<string, { status: number; rpc: number; message: string }>

export type ErrorCode = keyof typeof errorTable
