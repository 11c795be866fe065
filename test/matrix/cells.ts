import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import type { Listed } from '../servers/behaviours/behaviours.ts'
import { codeOf, type Agent, type Progress, type Revision } from './agent.ts'

/** What one agent does with one upstream in each cell of the matrix. Resolves when all of it was right. */

/** Where an agent has reached an upstream, and by which names. */
export interface Place {
  agent: Agent
  /** Which fixture it is: `legacy-stdio`. */
  kind: string
  /** How a tool or prompt of it is called here. */
  named: (own: string) => string
  /** `logger` of its messages here. */
  logger: string
  /** The URI of the resource that every upstream has under the same one. */
  sharedUri: string
}

/** `absent`: the agent's revision has no such thing, and was refused as it should be. */
export type Verdict = 'ok' | 'absent'

export interface Feature {
  name: string
  run: (place: Place) => Promise<Verdict>
}

/** A deadline that is only there to end what has failed. */
const DEADLINE_MS = 30_000
/** Somebody who has not heard by then is told again: a stream may not have been open yet. */
const AGAIN_MS = 1_000

const LISTED: readonly Listed[] = ['tools', 'prompts', 'resources']

export const FEATURES: readonly Feature[] = [
  {
    name: 'call',
    run: async ({ agent, named }) => {
      const nonce = nonceOf('call ✓ "\\')
      expect(await agent.call(named('echo'), { nonce })).toBe(nonce)
      const unknown = await failureOf(agent.call(named('nothing')))
      expect(codeOf(unknown)).toBe(-32602)
      return 'ok'
    },
  },
  {
    name: 'progress',
    run: async ({ agent, named }) => {
      const nonce = nonceOf('progress')
      const heard: Progress[] = []
      const onProgress = (progress: Progress) => void heard.push(progress)
      expect(await agent.call(named('work'), { nonce, steps: 5 }, { onProgress })).toBe(nonce)
      expect(heard).toMatchObject([1, 2, 3, 4, 5].map((progress) => ({ progress, total: 5, message: nonce })))
      return 'ok'
    },
  },
  {
    name: 'cancel',
    run: async ({ agent, named }) => {
      const nonce = nonceOf('cancel')
      const cancelling = new AbortController()
      const onProgress = () => cancelling.abort()
      await failureOf(
        agent.call(named('work'), { nonce, steps: 1, endless: true }, { onProgress, signal: cancelling.signal }),
      )
      const cancelled = async () => JSON.parse(await agent.call(named('cancelled'))) as string[]
      await eventually(async () => expect(await cancelled()).toContain(nonce))
      return 'ok'
    },
  },
  {
    name: 'elicitation',
    run: async (place) => {
      const asks = (nonce: string) => ({
        answer: { action: 'accept', content: { answer: `${place.agent.name}: ${nonce}` } },
        asked: [nonce],
      })
      return await asking(place, 'elicit', asks, { from: '2025-06-18' })
    },
  },
  {
    name: 'elicitation, twice',
    run: async (place) => {
      const one = (nonce: string) => ({ action: 'accept', content: { answer: `${place.agent.name}: ${nonce}` } })
      const asks = (nonce: string) => ({
        answer: [one(`${nonce} first`), one(`${nonce} second`)],
        asked: [`${nonce} first`, `${nonce} second`],
      })
      return await asking(place, 'ask_twice', asks, { from: '2025-06-18' })
    },
  },
  {
    name: 'elicitation by URL',
    run: async (place) => {
      const asks = (nonce: string) => ({ answer: { action: 'accept' }, asked: [nonce] })
      return await asking(place, 'elicit_url', asks, { from: '2025-11-25' })
    },
  },
  {
    name: 'sampling',
    run: async (place) => {
      const asks = (nonce: string) => ({
        answer: { role: 'assistant', content: { type: 'text', text: `${place.agent.name}: ${nonce}` } },
        asked: [nonce],
      })
      return await asking(place, 'sample', asks)
    },
  },
  {
    name: 'roots',
    run: async (place) => {
      const { name } = place.agent
      const asks = () => ({ answer: { roots: [{ uri: `file:///${name}`, name }] }, asked: ['roots/list'] })
      return await asking(place, 'roots', asks)
    },
  },
  {
    name: 'resource subscribe',
    run: async ({ agent, kind, named }) => {
      const uri = `memo://${kind}/watched`
      const { updated } = agent.heard
      const leave = await agent.subscribe(uri)
      const before = updated.length
      await until(
        () => updated.length > before,
        () => agent.call(named('touch'), { uri }),
      )
      expect(new Set(updated.slice(before))).toEqual(new Set([uri]))
      await leave()
      // What was told before it left may still be on its way.
      await eventually(async () => {
        const left = updated.length
        await agent.call(named('touch'), { uri })
        await heardOfChange(agent, named, 'tools')
        expect(updated.slice(left)).toEqual([])
      })
      return 'ok'
    },
  },
  {
    name: 'resources',
    run: async ({ agent, kind, sharedUri }) => {
      const uri = `memo://${kind}/watched`
      expect(await agent.resources()).toEqual(expect.arrayContaining([uri, sharedUri]))
      expect(await agent.templates()).toContain(`memo://${kind}/note/{id}`)
      expect(await agent.read(uri)).toBe(`${uri} of ${kind}`)
      expect(await agent.read(`memo://${kind}/note/7`)).toBe(`memo://${kind}/note/7 of ${kind}`)
      expect(await agent.read(sharedUri)).toBe(`memo://shared of ${kind}`)
      expect([-32602, -32002]).toContain(codeOf(await failureOf(agent.read('memo://nowhere/at/all'))))
      return 'ok'
    },
  },
  {
    name: 'prompts',
    run: async ({ agent, kind, named }) => {
      expect(await agent.prompts()).toContain(named('greet'))
      expect(await agent.prompt(named('greet'), { who: 'Ada' })).toBe(`Greet Ada in the name of ${kind}.`)
      expect(codeOf(await failureOf(agent.prompt(named('nothing'), {})))).toBe(-32602)
      return 'ok'
    },
  },
  {
    name: 'completion',
    run: async ({ agent, kind, named }) => {
      expect(await agent.complete({ prompt: named('greet') }, 'who', 'A')).toEqual([`A-${kind}`])
      expect(await agent.complete({ template: `memo://${kind}/note/{id}` }, 'id', '7')).toEqual([`7-${kind}`])
      return 'ok'
    },
  },
  {
    name: 'log messages',
    run: async ({ agent, named, logger }) => {
      const nonce = nonceOf('log')
      const own = () => agent.heard.logs.filter(({ data }) => (data as { nonce?: unknown }).nonce === nonce)
      await agent.logLevel('warning')
      await agent.call(named('log'), { nonce })
      await eventually(() => expect(own()).toHaveLength(2))
      expect(own()).toMatchObject(['warning', 'error'].map((level) => ({ level, logger, data: { nonce, level } })))
      await agent.logLevel(undefined)
      await agent.call(named('log'), { nonce })
      await heardOfChange(agent, named, 'tools')
      expect(own()).toHaveLength(2)
      return 'ok'
    },
  },
  {
    name: 'list_changed',
    run: async ({ agent, kind: of, named }) => {
      for (const kind of LISTED) {
        const extra = await heardOfChange(agent, named, kind)
        const shown = kind === 'resources' ? `memo://${of}/${extra}` : named(extra)
        await eventually(async () => expect(await agent[kind]()).toContain(shown))
      }
      return 'ok'
    },
  },
  {
    name: 'instructions',
    run: async ({ agent, kind }) => {
      await eventually(() => expect(agent.instructions).toContain(`Instructions of ${kind}.`))
      return 'ok'
    },
  },
]

function eventually(so: () => Promise<void> | void): Promise<void> {
  return vi.waitFor(so, { timeout: DEADLINE_MS, interval: 20 })
}

function nonceOf(what: string): string {
  return `${what} ${randomUUID()}`
}

/**
 * A tool that asks its agent: the answer comes back in the result, and nobody but the caller was asked. From an agent
 * whose revision is older than `from` a JSON-RPC error comes back, and it was asked nothing.
 */
async function asking(
  { agent, named }: Place,
  tool: string,
  asks: (nonce: string) => { answer: unknown; asked: string[] },
  { from = '2025-03-26' }: { from?: Revision } = {},
): Promise<Verdict> {
  const nonce = nonceOf(tool)
  const before = agent.heard.asked.length
  const calling = agent.call(named(tool), { nonce })
  if (agent.revision < from) {
    const error = await failureOf(calling)
    expect(codeOf(error), String(error)).toBeTypeOf('number')
    expect(String(error)).toMatch(/elicitation|method not found/i)
    expect(agent.heard.asked.slice(before)).toEqual([])
    return 'absent'
  }
  const { answer, asked } = asks(nonce)
  expect(JSON.parse(await calling)).toMatchObject(answer as object)
  expect(agent.heard.asked.slice(before)).toEqual(asked)
  return 'ok'
}

/** Changes a list until the agent hears of it; gives the name of what was added last. */
async function heardOfChange(agent: Agent, named: Place['named'], kind: Listed): Promise<string> {
  const { changed } = agent.heard
  const before = changed.length
  let extra = ''
  await until(
    () => changed.slice(before).includes(kind),
    async () => {
      extra = await agent.call(named('change'), { kind })
    },
  )
  return extra
}

/** Does something, and again where it has had no effect for a while. */
async function until(so: () => boolean, cause: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!so()) {
    if (performance.now() > deadline) throw new Error(`had no effect in ${DEADLINE_MS / 1000} s`)
    await cause()
    const again = performance.now() + AGAIN_MS
    while (!so() && performance.now() < again) await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`it should have failed, but gave ${JSON.stringify(value)}`)
}
