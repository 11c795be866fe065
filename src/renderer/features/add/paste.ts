/** One server as a pasted text describes it, in the terms of the form. Secrets are already apart from what is not secret. */
export interface PastedServer {
  /** A slug that is free. */
  name: string
  display_name: string
  transport: 'sse' | 'http' | 'stdio'
  server_url: string
  headers: PastedValue[]
  command: string
  args: string[]
  env: PastedValue[]
  cwd: string
  auth_type: 'none' | 'bearer' | 'api_key'
  auth_header_prefix: string
  header_name: string
  token: string
  /** What the person should know: something was moved, is missing, or means something else here. */
  notes: string[]
}

export interface PastedValue {
  name: string
  value: string
  secret: boolean
}

export type Paste =
  { kind: 'empty' } | { kind: 'servers'; servers: PastedServer[] } | { kind: 'unreadable'; message: string }

export function emptyServer(): PastedServer {
  return {
    name: '',
    display_name: '',
    transport: 'sse',
    server_url: '',
    headers: [],
    command: '',
    args: [],
    env: [],
    cwd: '',
    auth_type: 'none',
    auth_header_prefix: 'Bearer',
    header_name: '',
    token: '',
    notes: [],
  }
}
