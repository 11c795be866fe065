import { randomUUID } from 'node:crypto'
import { AsyncIteratorClass, implement } from '@orpc/server'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import { contract } from '../../shared/contract/contract.ts'
import { toApiError } from './api-error.ts'
import type { ApiServices } from './services.ts'

/** What a door knows about the caller. It has checked the token already; the workspace is checked here. */
export interface ApiContext {
  workspace: string
  /** From door to log line; made here where the door has none. */
  requestId?: string
}

interface FaultLog {
  error(fields: Record<string, unknown>, message: string): void
}

export type ApiRouter = ReturnType<typeof createRouter>

/** Binds every operation of the contract to the service that does it. Nothing is decided here. */
export function createRouter(services: ApiServices, log: FaultLog) {
  const { integrations, agents, workspaces, vault, gateway, events } = services

  const api = implement(contract)
    .$context<ApiContext>()
    .use(async ({ context, path, signal, next }) => {
      const requestId = context.requestId ?? randomUUID()
      const fail = (error: unknown): unknown => {
        // The caller left: nobody reads the answer, and its abort is not a fault.
        if (signal?.aborted) return error
        return toApiError(error, (fault) => {
          log.error({ request_id: requestId, operation: path.join('.'), err: fault }, 'operation failed')
          return requestId
        })
      }
      try {
        await workspaces.require(context.workspace)
        const result = await next()
        return isEventStream(result.output) ? { ...result, output: failingWith(fail, result.output) } : result
      } catch (error) {
        throw fail(error)
      }
    })

  return api.router({
    system: {
      status: api.system.status.handler(({ context }) => services.status(context.workspace)),
      // Subscribed at the call, not at the first read: a change between the two is heard.
      stream: api.system.stream.handler(({ context, signal }) =>
        changes(events.subscribe(context.workspace, signal ?? new AbortController().signal)),
      ),
    },
    integrations: {
      list: api.integrations.list.handler(async ({ context }) => page(await integrations.list(context.workspace))),
      create: api.integrations.create.handler(({ context, input }) => integrations.create(context.workspace, input)),
      get: api.integrations.get.handler(({ context, input }) => integrations.get(context.workspace, input.name)),
      update: api.integrations.update.handler(({ context, input: { name, ...changes } }) =>
        integrations.update(context.workspace, name, changes),
      ),
      remove: api.integrations.remove.handler(({ context, input }) =>
        integrations.remove(context.workspace, input.name),
      ),
      enable: api.integrations.enable.handler(({ context, input }) =>
        integrations.enable(context.workspace, input.name),
      ),
      disable: api.integrations.disable.handler(({ context, input }) =>
        integrations.disable(context.workspace, input.name),
      ),
      restart: api.integrations.restart.handler(({ context, input }) =>
        integrations.restart(context.workspace, input.name),
      ),
      test: api.integrations.test.handler(({ context, input, signal }) =>
        integrations.test(context.workspace, input.name, signal),
      ),
      test_draft: api.integrations.test_draft.handler(({ context, input, signal }) =>
        integrations.testDraft(context.workspace, input, signal),
      ),
    },
    tools: {
      of_integration: api.tools.of_integration.handler(async ({ context, input }) => {
        const known = await integrations.filteredTools(context.workspace, input.name)
        return page(await gateway.toolsOf(known))
      }),
      list: api.tools.list.handler(async ({ context, input }) =>
        page(await gateway.listTools(context.workspace, input)),
      ),
      call: api.tools.call.handler(({ context, input, signal }) =>
        gateway.callTool(context.workspace, input.name, input.arguments, signal),
      ),
    },
    agents: {
      list: api.agents.list.handler(async ({ context }) => page(await agents.list(context.workspace))),
      create: api.agents.create.handler(({ context, input }) => agents.create(context.workspace, input.name)),
      update: api.agents.update.handler(({ context, input }) => agents.update(context.workspace, input.id, input.name)),
      remove: api.agents.remove.handler(({ context, input }) => agents.remove(context.workspace, input.id)),
      rotate: api.agents.rotate.handler(({ context, input }) => agents.rotate(context.workspace, input.id)),
    },
    vault: {
      get: api.vault.get.handler(() => vault.state()),
      unlock: api.vault.unlock.handler(({ input }) => vault.unlock(input.passphrase)),
    },
    workspaces: {
      list: api.workspaces.list.handler(async () => page(await workspaces.list())),
      create: api.workspaces.create.handler(({ input }) => workspaces.create(input)),
      update: api.workspaces.update.handler(({ input }) => workspaces.update(input)),
    },
    console: {
      create_url: api.console.create_url.handler(() => ({ console_url: services.consoleUrl() })),
    },
  })
}

/** Lists are whole for now: a workstation has hundreds of rows, not millions. The cursor keeps the door open. */
function page<Item>(items: Item[]): { items: Item[]; next_cursor: null } {
  return { items, next_cursor: null }
}

/** In the form that oRPC hands on. */
function changes(subscription: AsyncIterator<ChangeEvent, unknown>) {
  return new AsyncIteratorClass(
    () => subscription.next(),
    async () => {
      await subscription.return?.()
    },
  )
}

type EventStream = AsyncIterator<unknown, unknown, undefined>

function isEventStream(output: unknown): output is EventStream {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

/** A stream may fail long after its handler returned: those faults are translated as well. */
function failingWith(fail: (error: unknown) => unknown, stream: EventStream) {
  // Not a generator: one that was never read would not pass its end on, and the stream would stay open.
  return new AsyncIteratorClass(
    async () => {
      try {
        return await stream.next()
      } catch (error) {
        throw fail(error)
      }
    },
    async () => {
      await stream.return?.(undefined)
    },
  )
}
