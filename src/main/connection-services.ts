import type { AppOptions } from './app-options.ts'
import type { Logger } from './base/log.ts'
import type { Probe } from './integrations/connection-tests.ts'
import type { liveLimits } from './live-limits.ts'
import { RestUpstream } from './rest/rest-upstream.ts'
import { ChildProcesses } from './upstream/child-processes.ts'
import { ChildrenFile } from './upstream/children-file.ts'
import { UpstreamPool } from './upstream/pool.ts'
import type { UpstreamListener } from './upstream/upstream.ts'

interface ConnectionServicesOptions {
  environment: NonNullable<AppOptions['environment']>
  childrenFile: string
  limits: ReturnType<typeof liveLimits>['upstream']
  listener: UpstreamListener
  version: string
  log: Logger
}

interface ConnectionServices {
  pool: UpstreamPool
  /** Tries a connection of its own. */
  probe: Probe
  close(): Promise<void>
}

/** The part of the composition root that is about connections to servers, and their processes. */
export function connectionServices({
  environment,
  childrenFile,
  limits,
  listener,
  version,
  log,
}: ConnectionServicesOptions): ConnectionServices {
  const clientInfo = { name: 'gatehouse', version }
  const children = new ChildProcesses({ environment, file: new ChildrenFile(childrenFile), log })
  const swept = children.sweep(limits.shutdown)
  const pool = new UpstreamPool({
    listener,
    log,
    limits,
    clientInfo,
    children,
    after: swept,
    createRest: (spec, restOptions) => new RestUpstream(spec, restOptions),
  })
  return {
    pool,
    // Loaded when a connection is tested: it brings node:tls, which takes 5 MiB.
    probe: async function* (target, signal) {
      if (target.protocol === 'rest') {
        const { probeRest } = await import('./rest/probe-rest.ts')
        return yield* probeRest(target, { ...limits, signal })
      }
      const { probeConnection } = await import('./upstream/probe.ts')
      return yield* probeConnection(target, { limits, children, clientInfo, signal, log })
    },
    close: async () => {
      try {
        await pool.close()
      } finally {
        await swept
        children.close()
      }
    },
  }
}
