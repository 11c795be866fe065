import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestApp, type Client, type TestApp } from '../helpers/start-app.ts'
import { REVISIONS, type Agent, type Progress } from './agent.ts'
import { connect } from './agents.ts'
import { KINDS, startServers, type Kind, type Servers } from './servers.ts'

/**
 * Many agents at once, whose requests have the same ids and tokens: nobody gets anything that belongs to another one,
 * neither an answer nor progress, a log message or a question (CVE-2026-25536 was one server object for two sessions).
 */

const AGENTS = 50
const CALLS = 200
const IN_FLIGHT = 4

/** A server's question is known to belong to a call where each call has a stream, or a server no questions of its own. */
const ASKED: readonly Kind[] = ['modern-http', 'modern-stdio', 'legacy-http']

let app: TestApp
let client: Client
let servers: Servers
const open: Agent[] = []

beforeAll(async () => {
  servers = await startServers()
  app = await startTestApp()
  client = app.client()
  await Promise.all(
    KINDS.map((kind) => client.integrations.create({ name: kind, mcp: servers.settings(kind), auth_type: 'none' })),
  )
  await connected(...KINDS)
}, 120_000)

afterAll(async () => {
  for (const agent of open) await agent.close()
  await app.close()
  await servers.stop()
})

describe(`${AGENTS} agents with ${CALLS} calls each`, () => {
  it('each get their own results, progress and questions, and nothing else', { timeout: 600_000 }, async () => {
    const agents = await Promise.all(Array.from({ length: AGENTS }, (_, number) => anAgent(number)))
    const crossed: string[] = []
    await Promise.all(
      agents.map(async (agent) => {
        let next = 0
        const work = async () => {
          while (next < CALLS) {
            const number = next++
            const wrong = await callOf(agent, number).catch((error: unknown) => `${number}: ${String(error)}`)
            if (wrong !== undefined) crossed.push(`${agent.revision} ${wrong}`)
          }
        }
        await Promise.all(Array.from({ length: IN_FLIGHT }, work))
      }),
    )
    expect(crossed).toEqual([])
    for (const { name, heard } of agents) {
      expect(heard.asked.filter((words) => !words.startsWith(`${name} `))).toEqual([])
      expect(heard.asked.length).toBeGreaterThanOrEqual(CALLS / 10)
    }
  })
})

describe.each(['legacy-stdio', 'sse'] as const)('a server over %s that asks while two agents wait', (kind) => {
  it('asks neither of them, and from then on each on a connection of its own', { timeout: 120_000 }, async () => {
    const agents = await Promise.all([0, 1, 2, 3].map((number) => anAgent(number, `asked by ${kind}`)))
    const [first, second] = agents as [Agent, Agent]
    const waiting = waitOf(second, kind)
    await waiting.begun
    await expect(first.call(`${kind}__sample`, { nonce: 'whose?' })).rejects.toThrow()
    expect(agents.map(({ heard }) => heard.asked)).toEqual([[], [], [], []])
    waiting.cancel()

    const answers = await Promise.all(
      agents.map(async (agent) => {
        const nonce = `${agent.name} alone`
        return [agent, nonce, JSON.parse(await agent.call(`${kind}__sample`, { nonce })) as unknown] as const
      }),
    )
    for (const [{ name, heard }, nonce, answer] of answers) {
      expect(answer).toMatchObject({ content: { text: `${name}: ${nonce}` } })
      expect(new Set(heard.asked)).toEqual(new Set([nonce]))
    }
  })
})

async function anAgent(number: number, purpose = 'crosstalk'): Promise<Agent> {
  const { token } = await client.agents.create({ name: `${purpose} ${number}` })
  const revision = REVISIONS[number % REVISIONS.length] ?? REVISIONS[0]
  const agent = await connect(revision, { name: `agent ${number}`, url: `${app.origin}/mcp`, token })
  open.push(agent)
  return agent
}

/** One call, of the kind that its number says. Gives what was wrong with it. */
async function callOf(agent: Agent, number: number): Promise<string | undefined> {
  const nonce = `${agent.name} call ${number}`
  const kind = KINDS[number % KINDS.length] ?? KINDS[0]
  if (number % 10 === 9) {
    const asking = ASKED[number % ASKED.length] ?? ASKED[0]
    const answer = await agent.call(`${asking}__sample`, { nonce })
    return answer.includes(`"${agent.name}: ${nonce}"`) ? undefined : `${nonce} got ${answer}`
  }
  if (number % 4 === 3) {
    const heard: Progress[] = []
    const onProgress = (progress: Progress) => void heard.push(progress)
    const answer = await agent.call(`${kind}__work`, { nonce, steps: 3 }, { onProgress })
    const told = heard.map(({ progress, message }) => `${progress} ${message}`).join()
    return answer === nonce && told === `1 ${nonce},2 ${nonce},3 ${nonce}`
      ? undefined
      : `${nonce} got ${answer}, ${told}`
  }
  const answer = await agent.call(`${kind}__echo`, { nonce })
  return answer === nonce ? undefined : `${nonce} got ${answer}`
}

/** A call that is under way once `begun` resolves, until it is cancelled. */
function waitOf(agent: Agent, kind: Kind) {
  const cancelling = new AbortController()
  const begun = new Promise<void>((resolve) => {
    const following = { onProgress: () => resolve(), signal: cancelling.signal }
    agent.call(`${kind}__work`, { nonce: 'waits', steps: 1, endless: true }, following).catch(() => undefined)
  })
  return { begun, cancel: () => cancelling.abort() }
}

async function connected(...names: string[]): Promise<void> {
  for (const name of names) {
    const state = async () => (await client.integrations.get({ name })).connection.state
    await vi.waitFor(async () => expect(await state()).toBe('connected'), { timeout: 60_000 })
  }
}
