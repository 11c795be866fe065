import { stat } from 'node:fs/promises'
import { AppError } from '../base/app-error.ts'
import type { ClientFacts } from './client-facts.ts'
import {
  MalformedConfig,
  withoutServers,
  withServer,
  type ConfigDocument,
  type ServerFields,
} from './config-document.ts'
import { readConfigFile, textOf, unusable, type ConfigFile } from './config-file.ts'
import { readJsonDocument } from './json-document.ts'
import type { Place } from './place.ts'
import { readTomlDocument } from './toml-document.ts'

const READERS = { json: readJsonDocument, toml: readTomlDocument } as const

/** The configuration of one client, read and understood. */
export class ClientConfig {
  readonly facts: ClientFacts
  readonly file: ConfigFile
  readonly document: ConfigDocument

  private constructor(facts: ClientFacts, file: ConfigFile, document: ConfigDocument) {
    this.facts = facts
    this.file = file
    this.document = document
  }

  /** Throws `invalid_input` that says what is in the way; a file that is not there yet is an empty configuration. */
  static async read(facts: ClientFacts, place: Place): Promise<ClientConfig> {
    const file = await readConfigFile(facts.configPath(place))
    const text = textOf(file)
    return new ClientConfig(
      facts,
      file,
      explained(file, () => READERS[facts.format](text, facts.serversKey)),
    )
  }

  withServer(name: string, fields: ServerFields): ConfigDocument {
    const { format, serversKey } = this.facts
    return this.#changed(() => withServer(READERS[format], this.document, serversKey, name, fields))
  }

  withoutServers(names: readonly string[]): ConfigDocument {
    const { format, serversKey } = this.facts
    return this.#changed(() => withoutServers(READERS[format], this.document, serversKey, names))
  }

  #changed(change: () => string): ConfigDocument {
    return explained(this.file, () => READERS[this.facts.format](change(), this.facts.serversKey))
  }
}

/** Whether the program seems to be on this machine. */
export async function isInstalled(facts: ClientFacts, place: Place): Promise<boolean> {
  const found = await Promise.all(
    facts.traces(place).map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

function explained<Result>({ path }: ConfigFile, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof MalformedConfig) throw unusable(path, error.message, 'Repair it', error)
    throw error instanceof AppError ? error : new AppError('internal', { cause: error })
  }
}
