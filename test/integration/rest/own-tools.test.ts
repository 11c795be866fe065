import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { OwnTools, OwnToolResult } from '../../../src/main/upstream/own-tools.ts'
import { NO_SECRETS, serveRest } from './rest-harness.ts'

const SECRET = 'canary-own-secret-0123456789'

function own(answer: (args: Record<string, unknown>) => OwnToolResult | Promise<OwnToolResult>) {
  const called: Record<string, unknown>[] = []
  const tools: OwnTools = {
    definitions: [
      {
        name: 'post',
        title: 'Post',
        description: 'Posts a text.',
        inputSchema: {
          type: 'object',
          properties: { text: { type: 'string' }, times: { type: 'integer', default: 1 } },
          required: ['text'],
          additionalProperties: false,
        },
        annotations: {},
      },
    ],
    call: async (_name, args) => {
      called.push(args)
      return await answer(args)
    },
  }
  return { tools, called }
}

function serve(tools: OwnTools) {
  return serveRest(
    { base_url: 'http://127.0.0.1:9', tools: [{ name: 'get', method: 'GET', path: '/x' }] },
    { ...NO_SECRETS, headers: { Authorization: `Bearer ${SECRET}` } },
    tools,
  )
}

describe('tools in code beside requests', () => {
  it('are offered and called like them, with their defaults', async () => {
    const { tools, called } = own(({ text }) => ({ structured: { posted: text } }))
    const { upstream, call } = serve(tools)
    expect(upstream.tools.tools.map(({ name }) => name)).toEqual(['get', 'post'])
    const result = await call('post', { text: 'hello' })
    expect(result).toMatchObject({ structuredContent: { posted: 'hello' }, text: '{"posted":"hello"}' })
    expect(called).toEqual([{ text: 'hello', times: 1 }])
  })

  it('get no arguments that do not fit', async () => {
    const { tools, called } = own(() => ({ text: 'posted' }))
    const { call } = serve(tools)
    const result = await call('post', { txt: 'hello' })
    expect(result.isError).toBe(true)
    expect(result.text).toContain('These arguments do not fit. Nothing was sent.')
    expect(called).toEqual([])
  })

  it('show no secret, and nothing that is longer than it may be', async () => {
    const { tools } = own(({ text }) => ({
      text: text === 'long' ? 'x'.repeat(300_000) : `refused ${SECRET}`,
      isError: true,
    }))
    const { call } = serve(tools)
    expect((await call('post', { text: 'a' })).text).toBe('refused [redacted]')
    expect((await call('post', { text: 'long' })).text).toContain('Ask for less of it.')
  })

  it('tell a failure of one call from a service that is not there, and never the arguments', async () => {
    const { tools } = own(({ text }) => {
      throw new AppError(text === 'away' ? 'upstream_unavailable' : 'not_found', {
        message: 'There is no such channel.',
      })
    })
    const { call, upstream, output } = serve(tools)
    await upstream.session()
    await wait(0)
    expect(await call('post', { text: 'canary-text' })).toMatchObject({
      isError: true,
      text: 'There is no such channel.',
    })
    expect(upstream.connection.state).toBe('connected')
    await expect(call('post', { text: 'away' })).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(upstream.connection.state).toBe('error')
    const lines = output.lines().map(({ text }) => text)
    expect(lines).toContain('post: There is no such channel.')
    expect(lines.join('\n')).not.toContain('canary')
  })
})
