import './usage.ts'

/**
 * Where a target listens, told over the IPC channel of its process. `prefix` stands before each tool name; `transport` is
 * streamable HTTP where it is not said.
 */
export interface Ready {
  ready: { url: string; prefix: string; token: string; transport?: 'http' | 'sse' }
}

export function announce(url: string, prefix = '', token = ''): void {
  process.send?.({ ready: { url, prefix, token } } satisfies Ready)
}
