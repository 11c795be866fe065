import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashToken, sameHash } from '../../src/main/agents/agent-token.ts'
import { createLogger } from '../../src/main/base/log.ts'
import { Gateway } from '../../src/main/gateway/gateway.ts'
import { McpDoor } from '../../src/main/http/mcp-door.ts'
import { HttpServer } from '../../src/main/http/server.ts'
import { CallLog } from '../../src/main/records/call-log.ts'
import { openCallLog } from '../../src/main/store/call-log-file.ts'
import { CallsStore } from '../../src/main/store/calls-store.ts'
import { ChildProcesses } from '../../src/main/upstream/child-processes.ts'
import { defaultUpstreamLimits } from '../../src/main/upstream/limits.ts'
import { UpstreamPool } from '../../src/main/upstream/pool.ts'
import { nothingHeld } from '../../src/main/pins/tool-pins.ts'
import { emptyOffer } from '../../src/main/upstream/offer.ts'
import { announce } from './ready.ts'

/** The real listener, door, gateway and upstream, with a hashed token, a filter, every limit and the call log. */

const token = 'ghk_bench-bench-bench-bench-bench-bench-bench-be'
const tokenHash = hashToken(token)
const log = createLogger({ level: 'warn' })
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const calls = new CallLog({
  store: new CallsStore(await openCallLog(join(folder, 'calls.db'), { log })),
  log,
  recordBodies: () => false,
  retentionDays: () => 7,
})
await calls.start()
const pool = new UpstreamPool({
  listener: { connectionChanged: () => undefined, offerChanged: toolsChanged, said: () => undefined },
  log,
  limits: defaultUpstreamLimits,
  clientInfo: { name: 'gatehouse', version: 'bench' },
  children: new ChildProcesses({ environment: process.env, log }),
})
const upstream = pool.start({
  id: 'bench',
  workspace: 'default',
  slug: 'bench',
  mcp: {
    transport: 'stdio',
    command: process.execPath,
    args: [fileURLToPath(new URL('stdio-server.ts', import.meta.url)), process.argv[2] ?? ''],
    env: {},
    era: 'auto',
  },
  secrets: () => ({ headers: {}, env: {} }),
  lastKnown: emptyOffer,
})
const filter = { enabledTools: ['echo', 'large', 'tool_*'], disabledTools: ['*_secret', 'delete*'] }
const integration = { slug: 'bench', displayName: 'Bench', description: '', ...filter, review: nothingHeld, upstream }
const agent = { id: 'bench', name: 'bench', workspace: 'default', profile: null, discoveryMode: 'full' } as const
const gateway = new Gateway({
  served: () => [integration],
  disabled: () => [],
  agentOf: () => agent,
  mergesInstructions: () => true,
  calls,
  log,
  version: 'bench',
})
const agents = {
  authenticate: (given: string) => (sameHash(hashToken(given), tokenHash) ? agent : undefined),
  touch: () => undefined,
}
const doors = [new McpDoor({ gateway, agents })]
const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts: [], doors, log })
let announced = false

/** Ready with the first full list, like floor-gateway. */
function toolsChanged(): void {
  gateway.invalidate('default')
  if (announced) return
  announced = true
  void server.listen().then((port) => announce(`http://127.0.0.1:${port}/mcp`, 'bench__', token))
}
