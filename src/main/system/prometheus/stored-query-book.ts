import { randomUUID } from 'node:crypto'
import type { NewQuery, QueryChanges, StoredQuery } from '../../../shared/contract/prometheus.ts'
import { AppError } from '../../base/app-error.ts'
import type { PrometheusQueriesStore, QueryRow } from '../../store/prometheus-queries-store.ts'
import { DEFAULT_QUERIES, type Evaluation } from './stored-queries.ts'

const MOST_QUERIES = 30

/** The queries of all workspaces whose values are kept, and how each went. */
export class StoredQueryBook {
  readonly #store: PrometheusQueriesStore
  /** By workspace; those that were asked for already. */
  readonly #rows = new Map<string, QueryRow[]>()
  /** By id. */
  readonly #evaluations = new Map<string, Evaluation>()

  constructor(store: PrometheusQueriesStore) {
    this.#store = store
  }

  async list(workspace: string): Promise<StoredQuery[]> {
    return (await this.rows(workspace)).map((row) => this.#answer(row))
  }

  async rows(workspace: string): Promise<readonly QueryRow[]> {
    const known = this.#rows.get(workspace)
    if (known !== undefined) return known
    const rows = await this.#store.list(workspace)
    // Another call may have been faster, and something changed since.
    const kept = this.#rows.get(workspace) ?? rows
    this.#rows.set(workspace, kept)
    return kept
  }

  /** The query, or `not_found`. */
  async require(workspace: string, id: string): Promise<QueryRow> {
    const found = (await this.rows(workspace)).find((row) => row.id === id)
    if (found === undefined) throw new AppError('not_found', { message: 'There is no such query. It may be deleted.' })
    return found
  }

  async create(workspace: string, input: NewQuery): Promise<StoredQuery> {
    const rows = await this.rows(workspace)
    if (rows.length >= MOST_QUERIES) {
      throw new AppError('invalid_input', {
        message: `The values of at most ${MOST_QUERIES} queries are kept. Remove one first.`,
      })
    }
    refuseTaken(rows, input.name)
    const row = { id: randomUUID(), ...input, created_at: new Date().toISOString() }
    this.#rows.set(workspace, [...rows, row])
    try {
      await this.#store.insert(workspace, row)
    } catch (error) {
      this.#rows.delete(workspace)
      throw error
    }
    return this.#answer(row)
  }

  /** `isAnother`: what it asks is not what it asked before. */
  async update(
    workspace: string,
    id: string,
    changes: QueryChanges,
  ): Promise<{ query: StoredQuery; isAnother: boolean }> {
    const row = await this.require(workspace, id)
    const rows = await this.rows(workspace)
    const { name = row.name, query = row.query, unit = row.unit } = changes
    const others = rows.filter((other) => other.id !== id)
    refuseTaken(others, name)
    const changed = { ...row, name, query, unit }
    this.#rows.set(
      workspace,
      rows.map((other) => (other.id === id ? changed : other)),
    )
    const isAnother = query !== row.query
    if (isAnother) this.#evaluations.delete(id)
    try {
      await this.#store.update(changed)
    } catch (error) {
      this.#rows.delete(workspace)
      throw error
    }
    return { query: this.#answer(changed), isAnother }
  }

  async remove(workspace: string, id: string): Promise<void> {
    await this.require(workspace, id)
    const rows = await this.rows(workspace)
    await this.#store.delete(id)
    this.#rows.set(
      workspace,
      rows.filter((row) => row.id !== id),
    )
    this.#evaluations.delete(id)
  }

  /** For a page that is not empty, unless there are some already. */
  async createDefaults(workspace: string): Promise<void> {
    if ((await this.rows(workspace)).length > 0) return
    for (const query of DEFAULT_QUERIES) await this.create(workspace, query)
  }

  /** Whether a query, as it was when it was evaluated, is still what is kept. */
  isCurrent(workspace: string, { id, query }: QueryRow): boolean {
    return this.#rows.get(workspace)?.some((row) => row.id === id && row.query === query) === true
  }

  evaluated(id: string, evaluation: Evaluation): void {
    this.#evaluations.set(id, evaluation)
  }

  async forget(workspace: string): Promise<void> {
    for (const { id } of await this.rows(workspace)) this.#evaluations.delete(id)
    await this.#store.deleteAll(workspace)
    this.#rows.delete(workspace)
  }

  #answer(row: QueryRow): StoredQuery {
    const { error = null, seriesCount = 0 } = this.#evaluations.get(row.id) ?? {}
    return { ...row, error, series_count: seriesCount }
  }
}

function refuseTaken(rows: readonly QueryRow[], name: string): void {
  if (!rows.some((row) => row.name.toLowerCase() === name.toLowerCase())) return
  const message = `There is a query named ${name} already. Choose another name.`
  throw new AppError('name_taken', { message, details: [{ path: 'name', message }] })
}
