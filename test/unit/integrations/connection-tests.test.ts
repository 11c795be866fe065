import { beforeEach, describe, expect, it } from 'vitest'
import { ConnectionDraft, type TestStep } from '../../../src/shared/contract/integrations.ts'
import { freshProfile, httpInput, passed, start, stdioInput, type Started } from './service-fixture.ts'

const TOKEN = 'token-of-github-1234'
let app: Started

beforeEach(async () => {
  app = await start(freshProfile())
  await app.integrations.create(
    'default',
    httpInput({ name: 'github', auth_type: 'bearer', credentials: { api_token: TOKEN } }),
  )
})

function draft(fields: Record<string, unknown>): ConnectionDraft {
  return ConnectionDraft.parse({
    name: 'github',
    auth_type: 'bearer',
    mcp: { transport: 'http', server_url: 'https://mcp.example.com/v2' },
    ...fields,
  })
}

async function run(input: ConnectionDraft) {
  const steps: TestStep[] = []
  const test = app.integrations.trials.testDraft('default', input)
  for (let next = await test.next(); ; next = await test.next()) {
    if (next.done === true) return { steps, result: next.value }
    steps.push(next.value)
  }
}

describe('a draft', () => {
  it('tells its steps and its result', async () => {
    const { steps, result } = await run(draft({}))
    expect(steps.map(({ step }) => step)).toEqual(['resolve'])
    expect(result).toEqual(passed)
  })

  it('uses the stored secrets of the integration it names on the same origin', async () => {
    await run(draft({}))
    expect(app.probed[0]?.secrets.headers).toEqual({ Authorization: `Bearer ${TOKEN}` })
  })

  it('does not carry stored secrets to another origin', () => {
    const elsewhere = draft({ mcp: { transport: 'http', server_url: 'https://evil.example.com/mcp' } })
    expect(() => app.integrations.trials.testDraft('default', elsewhere)).toThrow(/belong to another server/)
    expect(app.probed).toEqual([])
  })

  it('does not hand stored secrets to another command', async () => {
    await app.integrations.create('default', stdioInput({ name: 'files', credentials: { env: { ROOT_TOKEN: TOKEN } } }))
    const files = (command: string) =>
      draft({ name: 'files', auth_type: 'none', mcp: { transport: 'stdio', command, args: ['other.js'] } })
    expect(() => app.integrations.trials.testDraft('default', files('bash'))).toThrow(/belong to another server/)
    await run(files('node'))
    expect(app.probed[0]?.secrets).toMatchObject({ env: { ROOT_TOKEN: TOKEN } })
  })

  it('with its own secrets goes anywhere and uses those only', async () => {
    const mcp = { transport: 'http', server_url: 'https://new.example.com/mcp' }
    await run(draft({ mcp, credentials: { api_token: 'fresh-token' } }))
    expect(app.probed[0]?.secrets.headers).toEqual({ Authorization: 'Bearer fresh-token' })
  })

  it('that needs no secret goes anywhere', async () => {
    await run(draft({ auth_type: 'none', mcp: { transport: 'http', server_url: 'https://new.example.com/mcp' } }))
    expect(app.probed[0]?.secrets.headers).toEqual({})
  })

  it('of a name that is not stored yet stands alone', async () => {
    await run(draft({ name: 'not-yet' }))
    expect(app.probed[0]?.secrets.headers).toEqual({})
  })

  it('whose credentials do not fit names the field', () => {
    const wrong = draft({ auth_type: 'none', credentials: { api_token: 'x' } })
    expect(() => app.integrations.trials.testDraft('default', wrong)).toThrow(
      expect.objectContaining({ details: [expect.objectContaining({ path: 'credentials.api_token' })] }),
    )
  })
})

it('a stored connection is tested with its stored secrets', async () => {
  expect(await app.integrations.trials.test('default', 'github')).toEqual(passed)
  expect(app.probed[0]?.secrets.headers).toEqual({ Authorization: `Bearer ${TOKEN}` })
})
