import type { Client } from '../../client.ts'
import { raceSignal } from '../../host/race-signal.ts'
import type { PlaygroundState, RunEnd } from '../../stores/playground.ts'
import { problemOf } from '../../stores/problem.ts'

interface Started {
  client: Client
  store: { getState: () => PlaygroundState }
  tool: string
  /** JSON text: it reaches the tool as it is. */
  args: string
}

/**
 * Calls a tool and keeps what it tells, its progress and how it ended, in the store: a call goes on while another tool or
 * another screen is looked at. One call of a tool at a time.
 */
export async function runTool({ client, store, tool, args }: Started): Promise<void> {
  if (store.getState().runs.get(tool)?.state === 'running') return
  const controller = new AbortController()
  const { signal } = controller
  const startedAt = Date.now()
  const running = { state: 'running', startedAt, stop: () => controller.abort() } as const
  store.getState().setRun(tool, { ...running, progress: undefined })
  const end = await follow()
  // Cleared meanwhile, with the workspace: nothing of it is kept.
  if (store.getState().runs.get(tool)?.state !== 'running') return
  store.getState().setRun(tool, { state: 'ended', end, at: Date.now() })
  store.getState().remember({ tool, at: startedAt, args, end })

  async function follow(): Promise<RunEnd> {
    try {
      const told = await client.tools.run({ name: tool, arguments_json: args }, { signal })
      for (;;) {
        const next = await raceSignal(told.next(), signal)
        if (next.done) return { kind: 'answered', run: next.value }
        store.getState().setRun(tool, { ...running, progress: next.value })
      }
    } catch (cause) {
      if (signal.aborted) return { kind: 'stopped', afterMs: Date.now() - startedAt }
      return { kind: 'failed', problem: problemOf(cause) }
    }
  }
}
