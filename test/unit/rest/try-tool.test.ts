import { describe, expect, it } from 'vitest'
import { previewTool, tryTool } from '../../../src/main/rest/try-tool.ts'
import { toolProblems } from '../../../src/main/rest/tool-problems.ts'
import { RestSettings } from '../../../src/shared/contract/integrations.ts'
import { RestTool, type RestToolInput } from '../../../src/shared/contract/rest.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

const tool = (input: Partial<RestToolInput> = {}) =>
  RestTool.parse({
    name: 't',
    method: 'POST',
    path: '/x/{id}',
    parameters: [
      { name: 'id', in: 'path', schema: { type: 'integer' } },
      { name: 'a', in: 'body' },
    ],
    body: { content_type: 'application/json' },
    ...input,
  })
const connection = (base_url = 'https://api.test/v1') => ({
  rest: RestSettings.parse({ base_url, retries: 0 }),
  secrets: {
    headers: { Authorization: 'Bearer header-canary', 'X-Two': 'two words-canary' },
    query: { key: 'query canary+' },
    cookies: { sid: 'cookie-canary' },
  },
})

describe('a tool that is looked at', () => {
  it('is shown as agents see it, with the request that the arguments make', async () => {
    const preview = await previewTool(connection(), tool(), { id: 7, a: 'ä' })
    expect(preview).toMatchObject({
      tool: { name: 't', inputSchema: { required: ['id'] } },
      request: { method: 'POST', url: 'https://api.test/v1/x/7?key=••••', body: '{"a":"ä"}' },
      problems: [],
    })
    expect(preview.request?.headers).toContainEqual(['Authorization', 'Bearer ••••'])
    expect(preview.request?.headers).toContainEqual(['X-Two', '••••'])
    expect(preview.request?.headers).toContainEqual(['Cookie', expect.stringContaining('sid=')])
    expect(JSON.stringify(preview)).not.toContain('canary')
  })

  it('says which arguments do not fit', async () => {
    expect(await previewTool(connection(), tool(), { id: 'x' })).toMatchObject({
      request: null,
      problems: [{ path: 'arguments.id', message: 'must be an integer, not "x".' }],
    })
    expect(await previewTool(connection(), tool({ path: '/{id}' }), { id: 7, b: 1 })).toMatchObject({
      problems: [{ path: 'arguments.b' }],
    })
  })

  it('shows what a body of bytes is', async () => {
    const bytes = tool({ body: { content_type: 'image/png', schema: {} }, parameters: [], path: '/x' })
    const { request } = await previewTool(connection(), bytes, { body: 'AAECAw==' })
    expect(request?.body).toBe('image/png, 4 bytes')
  })

  it('says what is wrong with the tool itself', async () => {
    const wrong = tool({
      path: '/{lost}',
      parameters: [
        { name: 'id', in: 'path' },
        { name: 'a b', in: 'query' },
        { name: 'q', in: 'query' },
        { name: 'x', argument: 'q', in: 'header' },
      ],
    })
    expect(toolProblems(wrong).map(({ path }) => path)).toStrictEqual([
      'parameters.0.name',
      'parameters.1.argument',
      'parameters.3.argument',
      'path',
    ])
    expect(await previewTool(connection(), wrong, {})).toMatchObject({ request: null, problems: { length: 4 } })
  })
})

describe('a tool that is tried', () => {
  it('shows what was sent, what came, and what an agent gets', async () => {
    const origin = await serveHttp((request, response) => {
      response.setHeader('x-echo', String(request.headers.authorization))
      response.setHeader('content-type', 'application/json').end('{"n":1,"key":"query canary+"}')
    })
    const tried = await tryTool(connection(origin), tool(), { id: 7 })
    expect(tried).toMatchObject({
      request: { url: `${origin}/x/7?key=••••` },
      response: { status: 200, bytes: 29 },
      result: { structuredContent: { n: 1, key: '[redacted]' } },
    })
    expect(JSON.stringify(tried)).not.toContain('canary')
  })

  it('says why no answer came', async () => {
    const absent = await tryTool(connection('http://127.0.0.1:9'), tool(), { id: 7 })
    expect(absent).toMatchObject({ response: null, result: { isError: true } })
    expect(JSON.stringify(absent.result)).toContain('Nothing listens at 127.0.0.1:9')
    const unfit = await tryTool(connection('http://127.0.0.1:9'), tool(), {})
    expect(unfit).toMatchObject({ request: null, response: null, result: { isError: true } })
  })
})
