import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { freshProfile, httpInput, start, stdioInput } from './service-fixture.ts'

const canaries = {
  token: 'canary-token/+=7f3a-"quoted"',
  key: 'canary key & 91bd?x=y',
  environment: 'canary-environment-c0de\\n',
  header: 'canary-header-5a5a; path=/',
  replaced: 'canary-replaced-token-e1e1',
  draft: 'canary-draft-token-d2d2',
}

/** How a secret looks in a file, a URL, a form, a JSON text or a Basic header. */
function spellings(secret: string): string[] {
  const inside = ['', 'u', 'us'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(4, -4),
  )
  const encoded = [encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)]
  return [secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...inside]
}

it('no secret is in any file of the data directory, in any log line, answer or event', async () => {
  const profile = freshProfile()
  const app = await start(profile)
  const { integrations, log } = app
  const events: string[] = []
  const stream = app.emitter.subscribe('default', new AbortController().signal)
  const reading = (async () => {
    for await (const event of stream) events.push(JSON.stringify(event))
  })()

  const { token, key, environment, header, replaced, draft } = canaries
  await integrations.create(
    'default',
    httpInput({
      name: 'bearer',
      auth_type: 'bearer',
      credentials: { api_token: token, headers: { 'X-Extra': header } },
    }),
  )
  await integrations.create(
    'default',
    httpInput({ name: 'keyed', auth_type: 'api_key', credentials: { api_key: key } }),
  )
  await integrations.create('default', stdioInput({ name: 'local', credentials: { env: { TOKEN: environment } } }))
  await integrations.update('default', 'bearer', { credentials: { api_token: replaced } })
  const steps = integrations.trials.testDraft(
    'default',
    httpInput({ name: 'drafted', auth_type: 'bearer', credentials: { api_token: draft } }),
  )
  while ((await steps.next()).done !== true);
  await integrations.trials.test('default', 'bearer')
  for (const secret of Object.values(canaries)) {
    const basic = Buffer.from(`user:${secret}`).toString('base64')
    const cause = new Error(`GET https://example.com/?key=${encodeURIComponent(secret)} with ${basic}`)
    log.error(
      { error: new Error(`refused ${secret}`, { cause }), headers: { authorization: secret } },
      `sent ${secret}`,
    )
  }
  const answers = JSON.stringify(integrations.list('default'))
  app.emitter.close()
  await reading

  const folder = dirname(profile.file)
  const files = () =>
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('latin1')] as const)
  const places = new Map(files())
  await app.stop()
  for (const [name, text] of files()) places.set(`${name} at rest`, text)
  places.set('log', app.lines.join('')).set('answers', answers).set('events', events.join('\n'))

  expect([...places.keys()]).toEqual(expect.arrayContaining(['gatehouse.db-wal', 'gatehouse.db at rest']))
  expect(events.length).toBeGreaterThan(3)
  expect(app.lines.length).toBeGreaterThanOrEqual(Object.keys(canaries).length)
  for (const [place, text] of places) {
    for (const [name, secret] of Object.entries(canaries)) {
      for (const spelling of spellings(secret))
        expect(text.includes(spelling), `${name} in ${place}: ${spelling}`).toBe(false)
    }
  }
})
