import type { ImportOutcome } from '../../shared/contract/clients.ts'
import type { Integration, NewIntegration } from '../../shared/contract/integrations.ts'
import { freeSlug } from '../../shared/slug.ts'
import { AppError } from '../base/app-error.ts'
import type { FoundEntry } from './found-servers.ts'

type Wanted = Pick<ImportOutcome, 'client' | 'server'>

/** Makes integrations of servers, one after the other; one that fails stops no other. */
export class ServerImport {
  readonly #create: (input: NewIntegration) => Promise<Integration>
  /** The same server in two clients becomes one integration. */
  readonly #made = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(create: (input: NewIntegration) => Promise<Integration>) {
    this.#create = create
  }

  async run(found: readonly FoundEntry[], wanted: readonly Wanted[]): Promise<ImportOutcome[]> {
    const outcomes = new Map<string, ImportOutcome>()
    for (const { client, server } of wanted) {
      const key = JSON.stringify([client, server])
      if (outcomes.has(key)) continue
      const entry = found.find((candidate) => candidate.found.client === client && candidate.found.server === server)
      outcomes.set(key, { client, server, ...(await this.#import(entry)) })
    }
    return [...outcomes.values()]
  }

  async #import(entry: FoundEntry | undefined): Promise<Pick<ImportOutcome, 'name' | 'problem'>> {
    if (entry === undefined) return { name: null, problem: 'It is no longer in the configuration.' }
    if (entry.input === undefined) return { name: null, problem: entry.found.problem }
    const same = JSON.stringify({ ...entry.input, name: '', display_name: '' })
    const known = this.#made.get(same)
    if (known !== undefined) return { name: known, problem: null }
    try {
      const { name } = await this.#createNamed(entry.input)
      this.#made.set(same, name)
      return { name, problem: null }
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'plan_required') throw error
      return { name: null, problem: [error.message, ...factsOf(error)].join(' ') }
    }
  }

  /** A name may have been taken since it was proposed, or wait for the end of an undo. */
  async #createNamed(input: NewIntegration): Promise<Integration> {
    const name = freeSlug(input.name, (candidate) => this.#taken.has(candidate))
    this.#taken.add(name)
    try {
      return await this.#create({ ...input, name })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'name_taken') throw error
      return await this.#createNamed(input)
    }
  }
}

function factsOf({ details, message }: AppError): string[] {
  return details.filter((detail) => detail.message !== message).map((detail) => `${detail.path}: ${detail.message}`)
}
