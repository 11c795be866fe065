/**
 * Threat: we write files of other programs, with a token in them. Nothing is written that was not checked before; a copy
 * is kept; the token becomes good only after it has reached the file, so that a failure leaves the old one as it was.
 */
import type { ClientId, ConfigChange, FoundServer, ImportOutcome, McpClient } from '../../shared/contract/clients.ts'
import type { Integration, NewIntegration } from '../../shared/contract/integrations.ts'
import { newAgentToken } from '../agents/agent-token.ts'
import { AppError } from '../base/app-error.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import { Backups } from './backups.ts'
import { ClientAgents, type AgentsOfClients } from './client-agents.ts'
import { ClientConfig, isInstalled } from './client-config.ts'
import type { BridgeCommand, ClientFacts } from './client-facts.ts'
import { bytesOf, changedSinceRead, readConfigFile } from './config-file.ts'
import { ConfigWriter } from './config-writer.ts'
import { foundServers, type FoundEntry } from './found-servers.ts'
import {
  authorizationOf,
  GATEWAY_NAME,
  gatewayFields,
  gatewayStanding,
  type GatewayStanding,
  type GatewayTarget,
} from './gateway-entry.ts'
import { clientById, knownClients } from './known-clients.ts'
import { maskedDiff } from './masked-diff.ts'
import type { Place } from './place.ts'
import { ServerImport } from './server-import.ts'

/** Stands for a token that is not made yet. */
const FUTURE_TOKEN = 'ghk_••••'

interface ClientsServiceOptions {
  place: () => Place | Promise<Place>
  agents: AgentsOfClients
  integrations: {
    list(workspace: string): Integration[]
    create(workspace: string, input: NewIntegration): Promise<Integration>
  }
  workspaces: { require(name: string): unknown }
  /** Where clients reach the gateway. */
  mcpUrl: () => string
  /** Starts `gatehouse stdio` of this installation as this agent. */
  bridge: (agent: string, workspace: string) => BridgeCommand
  isOwnAddress: (url: URL) => boolean
  log: Logger
  now?: () => Date
}

/** The configurations of MCP clients on this machine: the gateway goes in, and servers come out. */
export class ClientsService {
  readonly #options: ClientsServiceOptions
  readonly #backups: Backups
  readonly #writer: ConfigWriter
  readonly #agents: ClientAgents
  /** Changes of one configuration exclude each other. */
  readonly #writes = new KeyedQueue()

  constructor(options: ClientsServiceOptions) {
    this.#options = options
    this.#backups = new Backups(options.now)
    this.#writer = new ConfigWriter(this.#backups, options.log)
    this.#agents = new ClientAgents(options.agents)
  }

  async list(workspace: string): Promise<McpClient[]> {
    this.#options.workspaces.require(workspace)
    return await Promise.all(knownClients.map((facts) => this.#describe(workspace, facts)))
  }

  /** What `connect` would write. */
  async preview(workspace: string, id: ClientId): Promise<ConfigChange> {
    this.#options.workspaces.require(workspace)
    const config = await this.#read(clientById(id))
    const after = config.withServer(GATEWAY_NAME, this.#fields(workspace, config, FUTURE_TOKEN))
    const { path, revision } = config.file
    const shown = new Set([authorizationOf(FUTURE_TOKEN)])
    return { config_path: path, diff: maskedDiff(path, config.document, after, shown), revision }
  }

  /** Writes the gateway in, as the agent of this client. `revision`: only where the file is still what was looked at. */
  async connect(workspace: string, id: ClientId, revision?: string): Promise<McpClient> {
    this.#options.workspaces.require(workspace)
    const facts = clientById(id)
    return await this.#writes.run(id, async () => {
      const config = await this.#read(facts)
      if (revision !== undefined && revision !== config.file.revision) throw changedSinceRead(config.file.path)
      const token = newAgentToken()
      const after = config.withServer(GATEWAY_NAME, this.#fields(workspace, config, token))
      const holdsToken = facts.gateway.kind === 'http'
      const content = bytesOf(config.file, after.text)
      const undo = await this.#writer.write(config.file, content, { private: holdsToken })
      try {
        if (holdsToken) await this.#agents.give(workspace, id, token)
        else await this.#agents.ensure(workspace, id)
      } catch (error) {
        await undo()
        throw error
      }
      return await this.#describe(workspace, facts)
    })
  }

  /** Takes the gateway out, and with it the agent of this client. */
  async disconnect(workspace: string, id: ClientId): Promise<McpClient> {
    this.#options.workspaces.require(workspace)
    const facts = clientById(id)
    return await this.#writes.run(id, async () => {
      const config = await this.#read(facts)
      const entry = config.document.servers.get(GATEWAY_NAME)
      if (entry === undefined)
        throw new AppError('not_found', { message: `${facts.name} is not connected to Gatehouse.` })
      const { agentId } = this.#standing(workspace, facts, entry)
      await this.#writer.write(config.file, bytesOf(config.file, config.withoutServers([GATEWAY_NAME]).text))
      await this.#agents.revoke(workspace, id, agentId)
      return await this.#describe(workspace, facts)
    })
  }

  /** The newest copy comes back; what stands there now is kept, so that a second time undoes the first. */
  async restore(workspace: string, id: ClientId): Promise<McpClient> {
    this.#options.workspaces.require(workspace)
    const facts = clientById(id)
    return await this.#writes.run(id, async () => {
      // Whatever stands there now: it may be what has to be undone.
      const file = await readConfigFile(facts.configPath(await this.#options.place()))
      const backup = await this.#backups.newest(file.path)
      if (backup === undefined)
        throw new AppError('not_found', { message: `There is no copy of ${file.path} to restore.` })
      await this.#writer.write(file, await this.#backups.read(file.path, backup))
      return await this.#describe(workspace, facts)
    })
  }

  /** The servers in all configurations that can be read. */
  async servers(workspace: string): Promise<FoundServer[]> {
    return (await this.#found(workspace)).entries.map(({ found }) => found)
  }

  async importServers(
    workspace: string,
    wanted: readonly Pick<ImportOutcome, 'client' | 'server'>[],
    { removeFromClients }: { removeFromClients: boolean },
  ): Promise<ImportOutcome[]> {
    const { entries, configs } = await this.#found(workspace)
    const create = (input: NewIntegration) => this.#options.integrations.create(workspace, input)
    const outcomes = await new ServerImport(create).run(entries, wanted)
    if (!removeFromClients) return outcomes
    const kept = new Map<ClientId, string>()
    for (const config of configs) {
      const names = outcomes
        .filter(({ client, name }) => client === config.facts.id && name !== null)
        .map(({ server }) => server)
      const problem = names.length === 0 ? undefined : await this.#takeOut(config, names)
      if (problem !== undefined) kept.set(config.facts.id, problem)
    }
    return outcomes.map((outcome) => {
      const problem = outcome.name === null ? undefined : kept.get(outcome.client)
      return problem === undefined ? outcome : { ...outcome, problem: `It was imported, but not taken out: ${problem}` }
    })
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writes.idle()
  }

  async #describe(workspace: string, facts: ClientFacts): Promise<McpClient> {
    const place = await this.#options.place()
    const path = facts.configPath(place)
    const base = {
      id: facts.id,
      name: facts.name,
      config_path: path,
      backup_path: (await this.#backups.newest(path)) ?? null,
    }
    const nothing = { problem: null, gateway: 'none' as const, agent: null, server_count: 0 }
    try {
      const { file, document } = await ClientConfig.read(facts, place)
      if (file.bytes === undefined) {
        return { ...base, ...nothing, state: (await isInstalled(facts, place)) ? 'no_file' : 'absent' }
      }
      const entry = document.servers.get(GATEWAY_NAME)
      const { gateway, agent } = this.#standing(workspace, facts, entry)
      const server_count = document.servers.size - (entry === undefined ? 0 : 1)
      return { ...base, state: 'ready', problem: null, gateway, agent, server_count }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { ...base, ...nothing, state: 'unreadable', problem: error.message }
    }
  }

  /** The configuration of a client that is there. */
  async #read(facts: ClientFacts): Promise<ClientConfig> {
    const place = await this.#options.place()
    const config = await ClientConfig.read(facts, place)
    if (config.file.bytes !== undefined || (await isInstalled(facts, place))) return config
    throw new AppError('not_found', {
      message: `${facts.name} seems not to be installed: there is no ${config.file.path}. Start it once, then try again.`,
    })
  }

  async #found(workspace: string): Promise<{ entries: FoundEntry[]; configs: ClientConfig[] }> {
    this.#options.workspaces.require(workspace)
    const place = await this.#options.place()
    const read = await Promise.all(
      knownClients.map((facts) =>
        ClientConfig.read(facts, place).catch((error: unknown) => {
          // `list` says what is wrong with it.
          if (error instanceof AppError) return undefined
          throw error
        }),
      ),
    )
    const configs = read.filter((config) => config !== undefined)
    const { integrations, mcpUrl } = this.#options
    const own = new URL(mcpUrl())
    const isOwnAddress = (url: URL) => url.host === own.host || this.#options.isOwnAddress(url)
    return {
      configs,
      entries: foundServers(configs, { place, integrations: integrations.list(workspace), isOwnAddress }),
    }
  }

  /** Answers why they are still there, where that is so. */
  async #takeOut(config: ClientConfig, names: readonly string[]): Promise<string | undefined> {
    try {
      await this.#writes.run(config.facts.id, () =>
        this.#writer.write(config.file, bytesOf(config.file, config.withoutServers(names).text)),
      )
      return undefined
    } catch (error) {
      if (error instanceof AppError) return error.message
      throw error
    }
  }

  #fields(workspace: string, { facts }: ClientConfig, token: string) {
    return gatewayFields(facts, this.#target(workspace, facts), token)
  }

  #standing(workspace: string, facts: ClientFacts, entry: unknown): GatewayStanding {
    return gatewayStanding(entry, this.#target(workspace, facts), (token) => this.#options.agents.authenticate(token))
  }

  #target(workspace: string, { id }: ClientFacts): GatewayTarget {
    return { url: this.#options.mcpUrl(), bridge: this.#options.bridge(id, workspace) }
  }
}
