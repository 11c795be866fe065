import { randomUUID } from 'node:crypto'
import { AsyncIteratorClass, implement } from '@orpc/server'
import type { Actor } from '../../shared/contract/audit.ts'
import { contract } from '../../shared/contract/contract.ts'
import { isApiError, toApiError } from './api-error.ts'
import { auditedChange } from './audited-change.ts'
import type { ApiServices } from './services.ts'

/** What a door knows about the caller. It has checked the token already; the workspace is checked here. */
export interface ApiContext {
  workspace: string
  actor: Actor
  /** From door to log line; made here where the door has none. */
  requestId?: string
}

export interface FaultLog {
  error(fields: Record<string, unknown>, message: string): void
}

export type Api = ReturnType<typeof createImplementer>

/** What every operation goes through, whatever its door: the workspace exists, faults get their code, changes are noted. */
export function createImplementer({ workspaces, audit }: Pick<ApiServices, 'workspaces' | 'audit'>, log: FaultLog) {
  return implement(contract)
    .$context<ApiContext>()
    .use(async ({ context, path, signal, procedure, next }, input) => {
      const requestId = context.requestId ?? randomUUID()
      const fail = (error: unknown): unknown => {
        // The caller left: nobody reads the answer, and its abort is not a fault.
        if (signal?.aborted) return error
        return toApiError(error, (fault) => {
          log.error({ request_id: requestId, operation: path.join('.'), err: fault }, 'operation failed')
          return requestId
        })
      }
      const change = auditedChange(path, procedure['~orpc'].route.method, input)
      let isKnown = false
      const note = (outcome: string): void => {
        if (change && isKnown) audit.record(context.workspace, { ...change, actor: context.actor, outcome })
      }
      try {
        await workspaces.require(context.workspace)
        isKnown = true
        const result = await next()
        note('ok')
        return isEventStream(result.output) ? { ...result, output: failingWith(fail, result.output) } : result
      } catch (error) {
        const failure = fail(error)
        if (isApiError(failure)) note(failure.code)
        throw failure
      }
    })
}

/** A list that is whole: a workstation has hundreds of rows, not millions. The cursor keeps the door open. */
export function whole<Item>(items: Item[]): { items: Item[]; next_cursor: null } {
  return { items, next_cursor: null }
}

/** A subscription in the form that oRPC hands on. Not a generator: one that was never read would not pass its end on. */
export function eventStream<Event>(subscription: AsyncIterator<Event, unknown>) {
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
