import './usage.ts'

/** Where a target listens, told over the IPC channel of its process. `prefix` stands before each tool name. */
export interface Ready {
  ready: { url: string; prefix: string; token: string }
}

export function announce(url: string, prefix = '', token = ''): void {
  process.send?.({ ready: { url, prefix, token } } satisfies Ready)
}
