import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Kysely } from 'kysely'
import type { NewRestSource, RestSource, RestTool } from '../../shared/contract/rest.ts'
import { MAX_DOCUMENT_BYTES } from '../../shared/contract/words.ts'
import type { RestParts } from './integration-rows.ts'
import type { Schema } from './schema.ts'

/** What tools were imported from, ready to be stored: the document is the larger part of it. */
export interface PackedSource {
  facts: RestSource
  document: Buffer
  files: Buffer | null
}

/** What tools were imported from, with its text. */
export type KeptSource = RestSource & Pick<NewRestSource, 'document' | 'files'>

/** What we packed ourselves; a row that was tampered with does not fill the memory. */
const LIMITS = { maxOutputLength: 2 * MAX_DOCUMENT_BYTES }

const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** Packs before the transaction that stores it: an API's document may be megabytes. `format`: see RestSource. */
export async function packSource(source: NewRestSource, format: string): Promise<PackedSource> {
  const { document, files, ...facts } = source
  return {
    facts: {
      ...facts,
      sha256: createHash('sha256').update(document).digest('hex'),
      format,
      imported_at: new Date().toISOString(),
    },
    document: await pack(document),
    files: files === undefined ? null : await pack(JSON.stringify(files)),
  }
}

/** Replaces the tools of a REST API. */
export async function writeTools(store: Kysely<Schema>, id: string, tools: readonly RestTool[]): Promise<void> {
  const row = { tools: JSON.stringify(tools) }
  await store
    .insertInto('rest_tools')
    .values({ integration_id: id, ...row })
    .onConflict((conflict) => conflict.column('integration_id').doUpdateSet(row))
    .execute()
}

/** Replaces what they were imported from. */
export async function writeSource(store: Kysely<Schema>, id: string, source: PackedSource): Promise<void> {
  const { facts, document, files } = source
  const row = { ...facts, name: facts.name ?? null, url: facts.url ?? null, document, files }
  await store
    .insertInto('rest_sources')
    .values({ integration_id: id, ...row })
    .onConflict((conflict) => conflict.column('integration_id').doUpdateSet(row))
    .execute()
}

/** Of one integration, or of all; by its id. */
export async function readParts(store: Kysely<Schema>, id?: string): Promise<Map<string, RestParts>> {
  const tools = await store
    .selectFrom('rest_tools')
    .selectAll()
    .$if(id !== undefined, (query) => query.where('integration_id', '=', id ?? ''))
    .execute()
  const sources = await store
    .selectFrom('rest_sources')
    .select(['integration_id', 'kind', 'name', 'url', 'sha256', 'format', 'imported_at'])
    .$if(id !== undefined, (query) => query.where('integration_id', '=', id ?? ''))
    .execute()
  const facts = new Map(sources.map((row) => [row.integration_id, factsOf(row)]))
  return new Map(
    tools.map((row) => [
      row.integration_id,
      { tools: JSON.parse(row.tools) as RestTool[], source: facts.get(row.integration_id) ?? null },
    ]),
  )
}

/** What the tools of one integration were imported from. Undefined: they were made by hand. */
export async function readSource(store: Kysely<Schema>, id: string): Promise<KeptSource | undefined> {
  const row = await store.selectFrom('rest_sources').selectAll().where('integration_id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  const document = await unpack(row.document, LIMITS)
  const files = row.files === null ? undefined : await unpack(row.files, LIMITS)
  return {
    ...factsOf(row),
    document: document.toString('utf8'),
    ...(files && { files: JSON.parse(files.toString('utf8')) as Record<string, string> }),
  }
}

function factsOf(row: Omit<Schema['rest_sources'], 'document' | 'files'>): RestSource {
  return {
    // CHECK holds it.
    kind: row.kind as RestSource['kind'],
    ...(row.name !== null && { name: row.name }),
    ...(row.url !== null && { url: row.url }),
    sha256: row.sha256,
    format: row.format,
    imported_at: row.imported_at,
  }
}
