import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { KeyedQueue } from '../../src/main/base/keyed-queue.ts'
import { startTestApp, type Client, type TestApp } from '../helpers/start-app.ts'
import { REVISIONS, type Agent, type Revision } from './agent.ts'
import { connect } from './agents.ts'
import { FEATURES, type Feature, type Place, type Verdict } from './cells.ts'
import { KINDS, startServers, type Kind, type Servers } from './servers.ts'
import { tableOf } from './table.ts'

/**
 * Every agent revision through the gateway to every kind of upstream, with real SDKs on both ends: all features, at
 * `/mcp/<slug>` and at `/mcp`. Agents work at the same time, but an upstream has one of them at a time: what a server on
 * a shared pipe asks while two agents wait is refused by design, and has its own test.
 */

const ENDPOINTS = ['/mcp/<slug>', '/mcp'] as const
type Endpoint = (typeof ENDPOINTS)[number]

interface Cell {
  revision: Revision
  kind: Kind
  endpoint: Endpoint
  feature: Feature
  result: Verdict | { error: unknown } | undefined
}

const cells: Cell[] = REVISIONS.flatMap((revision) =>
  KINDS.flatMap((kind) =>
    ENDPOINTS.flatMap((endpoint) =>
      FEATURES.map((feature): Cell => ({ revision, kind, endpoint, feature, result: undefined })),
    ),
  ),
)

let app: TestApp
let servers: Servers
const open: Agent[] = []
/** One agent after the other for each upstream. */
const turns = new KeyedQueue()

beforeAll(async () => {
  servers = await startServers()
  app = await startTestApp()
  const client = app.client()
  await Promise.all(
    KINDS.map((kind) =>
      // Tools come and go here: none of them waits for an approval.
      client.integrations.create({
        name: kind,
        mcp: servers.settings(kind),
        auth_type: 'none',
        on_definition_change: 'allow',
      }),
    ),
  )
  for (const kind of KINDS) {
    await vi.waitFor(async () => expect(await stateOf(client, kind)).toBe('connected'), { timeout: 60_000 })
  }
  await Promise.all(REVISIONS.map((revision) => fill(client, revision)))
}, 600_000)

afterAll(async () => {
  for (const agent of open) await agent.close()
  await app.close()
  await servers.stop()
  console.log(matrix())
})

describe.each(REVISIONS)('an agent of %s', (revision) => {
  describe.each(KINDS)('and an upstream over %s', (kind) => {
    const own = cells.filter((cell) => cell.revision === revision && cell.kind === kind)
    it.each(own.map((cell) => [cell.feature.name, cell.endpoint, cell] as const))('%s at %s', (_name, _at, cell) => {
      if (typeof cell.result === 'object') throw cell.result.error
      expect(cell.result).toBeOneOf(['ok', 'absent'])
    })
  })
})

/** All cells of one agent: it goes round the upstreams, beginning where no other one begins. */
async function fill(client: Client, revision: Revision): Promise<void> {
  const { token } = await client.agents.create({ name: `agent of ${revision}` })
  const to = (endpoint: string) => connect(revision, { name: `agent-${revision}`, url: app.origin + endpoint, token })
  const atAll = await to('/mcp')
  open.push(atAll)
  expect(atAll.negotiated).toBe(revision)
  const first = REVISIONS.indexOf(revision)
  for (const kind of [...KINDS.slice(first), ...KINDS.slice(0, first)]) {
    await turns.run(kind, async () => {
      const atSlug = await to(`/mcp/${kind}`)
      open.push(atSlug)
      for (const cell of cells) {
        if (cell.revision !== revision || cell.kind !== kind) continue
        const place = cell.endpoint === '/mcp' ? placeAtAll(atAll, kind) : placeAtSlug(atSlug, kind)
        cell.result = await cell.feature.run(place).catch((error: unknown) => ({ error }))
      }
    })
  }
}

function placeAtSlug(agent: Agent, kind: Kind): Place {
  return { agent, kind, named: (own) => own, logger: 'matrix', sharedUri: 'memo://shared' }
}

function placeAtAll(agent: Agent, kind: Kind): Place {
  const sharedUri = `gatehouse-resource://${kind}/${encodeURIComponent('memo://shared')}`
  return { agent, kind, named: (own) => `${kind}__${own}`, logger: `${kind}/matrix`, sharedUri }
}

async function stateOf(client: Client, name: string): Promise<string> {
  return (await client.integrations.get({ name })).connection.state
}

/** One line for each agent and feature, one column for each upstream; a cell stands for both endpoints. */
function matrix(): string {
  const rows = REVISIONS.flatMap((revision) =>
    FEATURES.map((feature) => [
      revision,
      feature.name,
      ...KINDS.map((kind) =>
        shown(cells.filter((cell) => cell.revision === revision && cell.feature === feature && cell.kind === kind)),
      ),
    ]),
  )
  return tableOf(['agent', 'feature', ...KINDS], rows)
}

function shown(both: Cell[]): string {
  const bad = both.filter(({ result }) => typeof result !== 'string')
  if (bad.length > 0)
    return `FAIL ${bad.length === both.length ? '' : bad.map(({ endpoint }) => endpoint).join()}`.trim()
  return both.every(({ result }) => result === 'absent') ? '–' : 'ok'
}
