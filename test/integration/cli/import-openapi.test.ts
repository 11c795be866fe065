import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportDiff, OpenApiPreview } from '../../../src/shared/contract/openapi.ts'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { CommandLine, type CommandResult } from '../../helpers/command-line.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

let cli: CommandLine
beforeAll(async () => {
  cli = await CommandLine.create()
})
afterAll(() => cli.close())

const corpus = new URL('../../data/openapi/', import.meta.url).pathname

interface Document {
  openapi: string
  info: { title: string; version: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, unknown>>
}

function petApi(given: Partial<Document> = {}): Document {
  return {
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1.0' },
    servers: [{ url: 'http://127.0.0.1:9/v1' }],
    paths: {
      '/pets': {
        get: { operationId: 'list_pets', tags: ['Pets'], description: 'Lists pets.' },
        post: {
          operationId: 'create_pet',
          tags: ['Pets'],
          requestBody: {
            content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } } },
          },
        },
      },
      '/stores': { get: { operationId: 'list_stores', tags: ['Stores'] } },
    },
    ...given,
  }
}

function file(name: string, content: unknown): string {
  const path = join(cli.dataDir, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const show = (words: string[], input = ''): Promise<CommandResult> =>
  cli.run(['import', 'openapi', ...words, '--preview'], { input })

async function preview(words: string[], input?: string): Promise<Partial<OpenApiPreview>> {
  const { code, stdout, stderr } = await show([...words, '--json'], input)
  if (code !== 0) throw new Error(stdout + stderr)
  return JSON.parse(stdout) as Partial<OpenApiPreview>
}

/** The message of a document that is refused. */
async function refusal(path: string): Promise<string> {
  const { code, stdout } = await show([path, '--json'])
  const { error } = JSON.parse(stdout) as { error: { message: string } }
  expect(code).toBe(1)
  return error.message
}

describe('a preview', () => {
  it('is the JSON of the contract, of any document, without a name, a gateway or a vault', async () => {
    const { code, stdout } = await cli.runProcess(
      ['import', 'openapi', join(corpus, 'museum.yaml'), '--preview', '--json'],
      {
        env: { GATEHOUSE_VAULT: 'nonsense' },
      },
    )
    const answer = JSON.parse(stdout) as OpenApiPreview
    expect(code).toBe(0)
    expect(Object.keys(answer)).toEqual(['title', 'version', 'base_url', 'auth', 'tools', 'warnings'])
    expect(answer).toMatchObject({
      title: 'Redocly Museum API',
      version: '1.2.1',
      auth: { auth_type: 'basic' },
      warnings: [],
    })
    expect(answer.tools).toHaveLength(8)
    expect(answer.tools[0]).toMatchObject({
      name: 'getMuseumHours',
      method: 'GET',
      path: '/museum-hours',
      input_schema: { type: 'object' },
    })
  })

  it('of the largest document comes out whole through a pipe', { timeout: 180_000 }, async () => {
    const { code, stdout } = await cli.runProcess([
      'import',
      'openapi',
      join(corpus, 'github-enterprise.json.gz'),
      '--preview',
      '--json',
    ])
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as OpenApiPreview).tools).toHaveLength(966)
  })

  it('is a table for a person', async () => {
    const { stdout } = await show([file('table.json', petApi())])
    expect(stdout).toMatch(/Pets 1\.0\n.*OpenAPI 3\.1\.0/)
    expect(stdout).toMatch(/✓ GET +\/pets +list_pets +\d+/)
    expect(stdout).toMatch(/ {2}POST +\/pets +create_pet +\d+/)
    expect(stdout).toMatch(/3 operations, 2 selected \(✓\): about \d+ tokens/)
  })

  it('reads standard input, a folder, an archive, and the files that are named', async () => {
    const root = petApi({ paths: { '/pets': { $ref: 'paths/pets.yaml' } } })
    const pets = 'get:\n  operationId: list_pets\n'
    const path = file('split/openapi.json', root)
    const beside = file('split/paths/pets.yaml', pets)
    const names = async (args: string[], input?: string) => (await preview(args, input)).tools?.map(({ name }) => name)
    expect(await names(['-'], JSON.stringify(petApi()))).toHaveLength(3)
    expect(await names([join(path, '..')])).toEqual(['list_pets'])
    expect(await names([path, '--with', beside])).toEqual(['list_pets'])
    // Never by itself: a document may come from anybody.
    const alone = await show([path])
    expect(alone.stdout).toContain('paths/pets.yaml, which was not given')
    expect(alone.stderr).toContain('Give them by --with')
    const zip = join(cli.dataDir, 'split.zip')
    const bytes = (text: string) => new TextEncoder().encode(text)
    writeFileSync(zip, zipSync({ 'api/openapi.json': bytes(JSON.stringify(root)), 'api/paths/pets.yaml': bytes(pets) }))
    expect(await names([zip])).toEqual(['list_pets'])
  })

  it('gets a document from an address, and says why it could not', async () => {
    const server = await serveHttp((_request, response) =>
      response.end(JSON.stringify(petApi({ servers: [{ url: '/v1' }] }))),
    )
    const redirecting = await serveHttp((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    )
    expect((await preview([`${server}/openapi.json`])).tools).toHaveLength(3)
    expect(await refusal(`${redirecting}/openapi.json`)).toContain('169.254.169.254')
  })

  it('selects what it is told to', async () => {
    const path = file('select.json', petApi())
    const names = async (...select: string[]) =>
      (await preview([path, ...select.flatMap((what) => ['--select', what])])).tools?.map(({ name }) => name)
    expect(await names('tag:stores')).toEqual(['list_stores'])
    expect(await names('list_*')).toEqual(['list_pets', 'list_stores'])
    expect(await names('read', 'create_pet')).toHaveLength(3)
    const wrong = await show([path, '--select', 'tag:Cats'])
    expect(wrong).toMatchObject({ code: 2 })
    expect(wrong.stderr).toContain('Tags are: Pets, Stores.')
  })
})

describe('a document that cannot be read', () => {
  it.each<[what: string, content: string, message: RegExp]>([
    ['truncated', '{"openapi": "3.1.0", "paths": {', /line 1|end|truncated|cut/i],
    ['tabs', 'openapi: 3.1.0\ninfo:\n\ttitle: x\n', /tab.*line 3|line 3.*tab/is],
    [
      'bomb',
      `a: &a [x]\n${Array.from('bcdefghij')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array(9)
              .fill(`*${'abcdefghij'[index] ?? ''}`)
              .join(', ')}]`,
        )
        .join('\n')}\nopenapi: 3.1.0\n`,
      /alias/i,
    ],
    ['page', '<!doctype html><html></html>', /HTML/],
    ['empty', '', /empty/i],
  ])('says what it is: %s', async (what, content, message) => {
    expect(await refusal(file(`bad-${what}`, content))).toMatch(message)
  })

  it('is refused by its size before it is read', async () => {
    const path = file('large.json', '{}')
    truncateSync(path, 100 * 1024 * 1024)
    expect(await refusal(path)).toMatch(/has 100 MiB. A document may have 32 MiB/)
  })

  it('is told apart from one that is not there', async () => {
    expect(await refusal(join(cli.dataDir, 'nothing.json'))).toContain('there is no such file')
  })

  it('keeps the rest of it that can be used, and says what was left out', async () => {
    const path = file(
      'broken.json',
      petApi({
        paths: {
          ...petApi().paths,
          '/a': { get: { operationId: 'a', parameters: [{ $ref: '#/components/parameters/None' }] } },
          '/b/{id}': { get: { operationId: 'a' } },
        },
      }),
    )
    const { tools, warnings } = await preview([path])
    expect(new Set(tools?.map(({ name }) => name)).size).toBe(5)
    expect(warnings).toContainEqual(expect.objectContaining({ pointer: '/paths/~1a/get/parameters/0' }))
  })
})

describe('an integration', () => {
  it('is made of a document, brought up to date, and exported', async () => {
    const path = file('pets.json', petApi())
    const added = await cli.run(['import', 'openapi', path, 'pets', '--select', 'tag:Pets', '--bearer-stdin'], {
      input: 'canary-token-9876\n',
    })
    expect(added).toMatchObject({ code: 0 })
    expect(added.stdout).toMatch(/^Added pets with 2 tools\. 1 operation left out/)
    const shown = await cli.json<Integration>(['show', 'pets'])
    expect(shown).toMatchObject({
      display_name: 'Pets',
      protocol: 'rest',
      auth_type: 'bearer',
      rest: { base_url: 'http://127.0.0.1:9/v1', source: { kind: 'file', name: 'pets.json', format: 'OpenAPI 3.1.0' } },
    })
    expect(shown.rest?.tools?.map(({ name }) => name)).toEqual(['list_pets', 'create_pet'])

    const { '/pets': pets } = petApi().paths
    const newer = file(
      'newer.json',
      petApi({
        paths: {
          '/pets': { get: { ...(pets?.get as object), description: 'All pets.' } },
          '/cats': { get: { operationId: 'list_cats' } },
          '/stores': petApi().paths['/stores'] ?? {},
        },
      }),
    )
    const update = ['import', 'openapi', newer, 'pets', '--update']
    expect((await cli.run(update)).code).toBe(2)
    const looked = await cli.run([...update, '--preview'])
    expect(looked.stdout).toContain(
      '~ list_pets  GET /pets\n    description\n      - "Lists pets."\n      + "All pets."',
    )
    expect(looked.stdout).toContain('+ list_cats  GET /cats')
    expect(looked.stdout).toContain('- create_pet  POST /pets')
    const diff = JSON.parse((await cli.run([...update, '--yes', '--json'])).stdout) as ImportDiff
    expect(diff.available.map(({ name }) => name)).toEqual(['list_stores'])
    const now = await cli.json<Integration>(['show', 'pets'])
    expect(now.rest?.tools?.map(({ name, description }) => [name, description])).toEqual([
      ['list_pets', 'All pets.'],
      ['list_cats', expect.any(String)],
    ])
    const repeated = await cli.run([...update, '--yes', '--json'])
    expect((JSON.parse(repeated.stdout) as ImportDiff).unchanged).toBe(2)

    const exported = await cli.runProcess(['export', 'openapi', 'pets'])
    expect(exported.stdout).not.toContain('canary')
    const again = await preview(['-'], exported.stdout)
    expect(again).toMatchObject({
      title: 'Pets',
      base_url: 'http://127.0.0.1:9/v1',
      auth: { auth_type: 'bearer' },
      warnings: [],
    })
    expect(again.tools).toMatchObject(now.rest?.tools ?? [])
  })

  it('asks for what the document does not say', async () => {
    const { servers: _, ...nowhere } = petApi()
    const path = file('nowhere.json', nowhere)
    const asked = await cli.run(['import', 'openapi', path, 'nowhere'])
    expect(asked).toMatchObject({ code: 2 })
    expect(asked.stderr).toContain('--base-url https://api.example.com')
    expect((await cli.run(['import', 'openapi', path, 'nowhere', '--base-url', 'http://127.0.0.1:9'])).code).toBe(0)
    expect((await cli.run(['import', 'openapi', path])).stderr).toContain('Give the integration a name')
  })
})
