import { createStore } from 'zustand/vanilla'
import type { ToolProgress, ToolRun } from '../../shared/contract/tools.ts'
import type { JsonValue } from '../json/value.ts'
import type { Problem } from './problem.ts'

/** The arguments of a tool as they were left: by the form, or as text, which need not be JSON yet. */
export type Draft = { from: 'form'; value: JsonValue } | { from: 'text'; text: string }

export type RunEnd =
  | { kind: 'answered'; run: ToolRun }
  /** The call itself could not be made. */
  | { kind: 'failed'; problem: Problem }
  | { kind: 'stopped'; afterMs: number }

export type Run =
  | { state: 'running'; startedAt: number; progress: ToolProgress | undefined; stop: () => void }
  | { state: 'ended'; end: RunEnd; at: number }

export interface PastCall {
  id: number
  tool: string
  at: number
  /** JSON text. */
  args: string
  end: RunEnd
}

export type ArgumentsView = 'form' | 'json'

export interface PlaygroundState {
  /** The tool in front, kept for when the screen is left. */
  tool: string | undefined
  view: ArgumentsView
  drafts: ReadonlyMap<string, Draft>
  runs: ReadonlyMap<string, Run>
  /** Newest first. */
  history: readonly PastCall[]
  choose: (tool: string) => void
  setView: (view: ArgumentsView) => void
  setDraft: (tool: string, draft: Draft | undefined) => void
  setRun: (tool: string, run: Run) => void
  remember: (call: Omit<PastCall, 'id'>) => void
  clear: () => void
}

const MAX_HISTORY = 50
const MAX_DRAFTS = 100
/** What is kept of past calls altogether, in characters: one may be megabytes. */
const MAX_HISTORY_SIZE = 40_000_000

/** What was tried in the playground since the console was opened. It may hold secrets, so it is kept nowhere else. */
export function createPlaygroundStore() {
  return createStore<PlaygroundState>()((set, get) => ({
    tool: undefined,
    view: 'form',
    drafts: new Map(),
    runs: new Map(),
    history: [],
    choose: (tool) => set({ tool }),
    setView: (view) => set({ view }),
    setDraft: (tool, draft) => {
      const drafts = new Map(get().drafts)
      drafts.delete(tool)
      if (draft) drafts.set(tool, draft)
      const [oldest] = drafts.keys()
      if (drafts.size > MAX_DRAFTS && oldest !== undefined) drafts.delete(oldest)
      set({ drafts })
    },
    setRun: (tool, run) => {
      const runs = new Map(get().runs)
      runs.delete(tool)
      runs.set(tool, run)
      const ended = [...runs].find(([, { state }]) => state === 'ended')?.[0]
      if (runs.size > MAX_DRAFTS && ended !== undefined) runs.delete(ended)
      set({ runs })
    },
    remember: (call) => {
      const { history } = get()
      set({ history: bounded([{ ...call, id: (history[0]?.id ?? 0) + 1 }, ...history]) })
    },
    clear: () => {
      for (const run of get().runs.values()) if (run.state === 'running') run.stop()
      set({ tool: undefined, drafts: new Map(), runs: new Map(), history: [] })
    },
  }))
}

function bounded(history: readonly PastCall[]): PastCall[] {
  let size = 0
  return history.slice(0, MAX_HISTORY).filter((call, index) => {
    size += call.args.length + (call.end.kind === 'answered' ? call.end.run.response_bytes : 0)
    return index === 0 || size <= MAX_HISTORY_SIZE
  })
}
