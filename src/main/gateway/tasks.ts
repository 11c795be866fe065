import { isObject } from '../base/is-object.ts'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { Era } from '../upstream/upstream.ts'
import { methodNotFound, resultAnswer, type AnswerBytes } from './answer.ts'
import { canHaveTasks } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import type { Session } from './legacy-session.ts'
import type { Message } from './message.ts'
import type { Owned } from './owned.ts'
import { RPC } from './protocol.ts'
import { refused, type Caller, type Relay, type RelayedAnswer } from './relay.ts'
import type { RequestRoute } from './request-route.ts'
import { gatewayTaskId, readGatewayTaskId, withTaskIds } from './task-ids.ts'

/** What can be asked about a task: core tasks of 2025-11-25, and the extension of 2026-07-28. */
const METHODS: Readonly<Record<Era, ReadonlySet<string>>> = {
  legacy: new Set(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/list']),
  modern: new Set(['tasks/get', 'tasks/update', 'tasks/cancel']),
}
/** In one `tasks/list`: each is asked for by itself, since a server's own list shows those of other agents, too. */
const MOST_LISTED = 100

interface TasksOptions {
  owned: Owned
  relay: Relay
}

/** Who asks, and where. */
export interface TaskAsker {
  /** Id of the agent. */
  agent: string
  endpoint: Endpoint
  session?: Session | undefined
}

/**
 * Tasks: work of a server that goes on after its call was answered. Each belongs to the agent that began it; to others it does
 * not exist. On `/mcp` its id has the slug in front.
 */
export class Tasks {
  readonly #options: TasksOptions

  constructor(options: TasksOptions) {
    this.#options = options
  }

  /** The answer to a call, which may be that a task has begun: then it is the agent's from now on. */
  begun(asker: TaskAsker, message: Message, answer: RelayedAnswer): RelayedAnswer {
    const id = newTaskOf(message, answer)
    if (id === undefined) return answer
    const integration = asker.endpoint.offering.integrations.find(({ slug }) => slug === answer.integration)
    if (integration === undefined) return answer
    this.#options.owned.began(asker.agent, integration.upstream.id, id, asker.session)
    return named(asker.endpoint, integration, answer)
  }

  /** Answers `tasks/…`. */
  async answer(asker: TaskAsker, message: Message, caller: Caller): Promise<RelayedAnswer> {
    const { id, method } = message
    const { endpoint } = asker
    if (!METHODS[caller.era].has(method) || !canHaveTasks(endpoint, caller.era))
      return refused(id, method, methodNotFound(method))
    if (method === 'tasks/list') {
      const tasks = await this.#list(asker, message, caller)
      const body = resultAnswer(id, [Buffer.from('{"tasks":['), ...tasks, Buffer.from(']}')])
      return { body, outcome: 'ok', error: null, tool: method, integration: null, upstreamEra: null }
    }
    const { taskId } = message.params
    const route = typeof taskId === 'string' ? this.#routeTo(asker, taskId) : undefined
    if (route === undefined) {
      const error = { code: RPC.invalidParams, message: `Task not found: ${typeof taskId === 'string' ? taskId : ''}` }
      return refused(id, method, error)
    }
    return named(endpoint, route.integration, await this.#options.relay.carry(route, message, caller))
  }

  #routeTo({ agent, endpoint }: TaskAsker, taskId: string): RequestRoute | undefined {
    const { slug, offering } = endpoint
    const named = slug === undefined ? readGatewayTaskId(taskId) : { slug, id: taskId }
    if (named === undefined) return undefined
    const integration = offering.integrations.find((candidate) => candidate.slug === named.slug)
    if (integration === undefined || !this.#options.owned.hasTask(agent, integration.upstream.id, named.id))
      return undefined
    return { integration, replaced: new Map([['taskId', JSON.stringify(named.id)]]), name: named.id }
  }

  /** JSON text of the agent's tasks that still exist, newest first, with commas between. */
  async #list({ agent, endpoint }: TaskAsker, message: Message, caller: Caller): Promise<Buffer[]> {
    const owned = this.#options.owned.tasksOf(agent).flatMap((task) => {
      const integration = endpoint.offering.integrations.find(({ upstream }) => upstream.id === task.upstream)
      return integration === undefined ? [] : [{ integration, id: task.id }]
    })
    const tasks: Buffer[] = []
    // One after the other: a caller speaks to one server at a time.
    for (const { integration, id } of owned.slice(0, MOST_LISTED)) {
      const route: RequestRoute = { integration, replaced: NOTHING, name: id }
      const added = new Map([['taskId', Buffer.from(JSON.stringify(id))]])
      const request = { id: message.id, method: 'tasks/get', bytes: NO_BYTES, paramsSpan: undefined, added }
      const { answer } = await this.#options.relay.carry(route, request, caller)
      if (answer?.kind !== 'result') continue
      const isMerged = endpoint.slug === undefined
      const rename = (own: string): string => gatewayTaskId(integration.slug, own)
      if (tasks.length > 0) tasks.push(COMMA)
      tasks.push(isMerged ? withTaskIds(answer.bytes, answer.value, rename) : answer.bytes)
    }
    return tasks
  }
}

const NO_BYTES = Buffer.alloc(0)
const COMMA = Buffer.from(',')
const NOTHING: ReadonlyMap<string, string> = new Map()

/** The server's own id of a task that this answer says has begun. */
function newTaskOf({ params }: Message, { answer, upstreamEra }: RelayedAnswer): string | undefined {
  if (answer?.kind !== 'result' || !isObject(answer.value)) return undefined
  const { value } = answer
  if (upstreamEra === 'modern') {
    return value.resultType === 'task' && typeof value.taskId === 'string' ? value.taskId : undefined
  }
  // Without having been asked for, it is a field of the tool's own.
  if (!isObject(params.task) || !isObject(value.task)) return undefined
  return typeof value.task.taskId === 'string' ? value.task.taskId : undefined
}

/** The same answer with the ids that the endpoint has for the tasks in it. */
function named({ slug }: Endpoint, integration: ServedIntegration, relayed: RelayedAnswer): RelayedAnswer {
  const { answer, body } = relayed
  if (slug !== undefined || answer?.kind !== 'result') return relayed
  const { id, result } = partsOf(body)
  const renamed = withTaskIds(Buffer.concat(result), answer.value, (own) => gatewayTaskId(integration.slug, own))
  return { ...relayed, body: resultAnswer(id, [renamed]) }
}

/** As `resultAnswer` puts one together. */
function partsOf([, id = NO_BYTES, , ...rest]: AnswerBytes): { id: Buffer; result: readonly Buffer[] } {
  return { id, result: rest.slice(0, -1) }
}
