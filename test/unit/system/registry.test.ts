import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SystemRegistry } from '../../../src/main/system/registry.ts'
import { temporaryFolder } from '../store/fresh-store.ts'

const HEAD = 'name: jira\ndisplay_name: Jira\ndescription: Issues\ncategory: Work\n'
const WAY = `ways:
  - id: token
    title: With a token
    fields:
      - { name: endpoint, label: Endpoint, kind: url, required: true }
      - { name: token, label: Token, kind: secret, credential: api_token }
    connection: { base_url: '{endpoint}' }
    auth: { type: bearer }
`

it('reads every file that ships', async () => {
  const files = readdirSync('resources/registry').filter((file) => file.endsWith('.yaml'))
  const { entries } = await SystemRegistry.load('resources/registry')
  expect(entries.map(({ name }) => `${name}.yaml`)).toEqual(files.sort())
})

it('reads what a build makes of the files as the files themselves', async () => {
  const folder = temporaryFolder()
  const written = await SystemRegistry.load('resources/registry')
  for (const entry of written.entries) writeFileSync(join(folder, `${entry.name}.json`), JSON.stringify(entry))
  expect((await SystemRegistry.load(folder)).entries).toEqual(written.entries)
})

it('names a file that a build made and that is broken since', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'jira.json')
  writeFileSync(file, '{"name":')
  await expect(SystemRegistry.load(folder)).rejects.toThrow(`The registry file ${file} is not valid`)
})

it.each([
  ['a field is missing', 'name: jira\ndisplay_name: Jira\n', 'description: This field is required.'],
  ['a field is unknown', `${HEAD}${WAY}extra: 1\n`, 'extra: There is no such field.'],
  ['it is not YAML', 'name: [jira\n', 'at line'],
  ['it has another name', `${HEAD}${WAY}`.replace('name: jira', 'name: bugs'), 'The file has to be called bugs.yaml.'],
  [
    'a hole has no field',
    `${HEAD}${WAY}`.replace('{endpoint}', '{host}'),
    'ways.0.connection.base_url: There is no field host.',
  ],
  ['a secret would stand in the open', `${HEAD}${WAY}`.replace("'{endpoint}'", "'{token}'"), 'token is a secret.'],
  [
    'a default is none',
    `${HEAD}${WAY}`.replace('kind: url,', 'kind: url, default: 7,'),
    'ways.0.fields.0.default: Enter a text.',
  ],
  ['a way stands twice', `${HEAD}${WAY}${WAY.replace('ways:\n', '')}`, 'ways.1.id: token stands twice.'],
  [
    'a tool is no request',
    `${HEAD}${WAY}tools: [{ name: get, method: GET, path: '/{id}' }]\n`,
    'tools.0.path: get: {id} has no path parameter.',
  ],
  [
    'a tool needs what nobody gives',
    `${HEAD}${WAY}tools: [{ name: get, method: GET, path: /a, needs: key }]\n`,
    'tools.0.needs: No way has a field key.',
  ],
])('names file and place when %s', async (_case, text, fault) => {
  const folder = temporaryFolder()
  const file = join(folder, 'jira.yaml')
  writeFileSync(file, text)
  const load = () => SystemRegistry.load(folder)
  await expect(load()).rejects.toThrow(`The registry file ${file} is not valid`)
  await expect(load()).rejects.toThrow(fault)
})

it('takes what several ways have in common from one place of the file', async () => {
  const folder = temporaryFolder()
  const shared = `x-shared: &shared\n  connection: { base_url: 'https://jira.example' }\n`
  const ways = `ways:\n  - { <<: *shared, id: open, title: Open }\n  - { <<: *shared, id: more, title: More }\n`
  writeFileSync(join(folder, 'jira.yaml'), `${shared}${HEAD}${ways}`)
  const { ways: read = [] } = (await SystemRegistry.load(folder)).find('jira') ?? {}
  expect(read.map(({ id, connection }) => [id, connection.base_url])).toEqual([
    ['open', 'https://jira.example'],
    ['more', 'https://jira.example'],
  ])
})
