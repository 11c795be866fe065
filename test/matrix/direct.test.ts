import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REVISIONS, type Agent, type Revision } from './agent.ts'
import { connect } from './agents.ts'
import { FEATURES } from './cells.ts'
import { startServers, type Kind, type Servers } from './servers.ts'

/** The peers of the matrix without a gateway between them: what they can't do here no gateway is to blame for. */

let servers: Servers

beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

describe.each(REVISIONS)('an agent of %s and a server of its era', (revision: Revision) => {
  const kind: Kind = revision === '2026-07-28' ? 'modern-http' : 'legacy-http'
  let agent: Agent

  beforeAll(async () => {
    agent = await connect(revision, { name: `direct-${revision}`, url: servers.url(kind) })
  })
  afterAll(() => agent.close())

  it('speak the revision of the agent', () => {
    expect(agent.negotiated).toBe(revision)
  })

  it.each(FEATURES)('$name', async ({ run }) => {
    await run({ agent, kind, named: (own) => own, logger: 'matrix', sharedUri: 'memo://shared' })
  })
})
