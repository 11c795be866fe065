import { useNavigate } from '@tanstack/react-router'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole } from '../../stores/console.tsx'
import { useFailureToast, useToasts } from '../../ui/toast.tsx'
import { changeTools } from './use-rest-tools.ts'

/** Of a REST API, whose tools are made here. */
export interface ToolActions {
  add: () => void
  edit: (tool: string) => void
  duplicate: (tool: string) => void
  /** Out of the gateway at once, with a way back. */
  remove: (tool: string) => void
}

const UNDO_MS = 10_000

export function useToolActions(slug: string): ToolActions {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const toasts = useToasts()
  const fail = useFailureToast()
  const open = (search: { tool?: string; copy?: string }): void =>
    void navigate({ to: '/integrations/$slug/tool', params: { slug }, search })

  const restore = async (tool: RestTool, index: number): Promise<void> => {
    const change = (tools: readonly RestTool[]): RestTool[] | undefined =>
      tools.some(({ name }) => name === tool.name) ? undefined : tools.toSpliced(index, 0, tool)
    const problem = await changeTools({ client, stores, slug, change })
    if (problem) fail(`${tool.name} was not restored`, new Error(problem.message))
  }
  const remove = async (name: string): Promise<void> => {
    let removed: { tool: RestTool; index: number } | undefined
    const change = (tools: readonly RestTool[]): RestTool[] => {
      const index = tools.findIndex((tool) => tool.name === name)
      const tool = tools[index]
      if (tool) removed = { tool, index }
      return tools.filter((other) => other !== tool)
    }
    const problem = await changeTools({ client, stores, slug, change })
    if (problem) {
      fail(`${name} was not deleted`, new Error(problem.message))
      return
    }
    const gone = removed
    if (!gone) return
    const toast = toasts.add({
      title: `Deleted ${name}.`,
      timeout: UNDO_MS,
      actionProps: {
        children: 'Undo',
        onClick: () => {
          toasts.close(toast)
          void restore(gone.tool, gone.index)
        },
      },
    })
  }
  return {
    add: () => open({}),
    edit: (tool) => open({ tool }),
    duplicate: (copy) => open({ copy }),
    remove: (name) => void remove(name),
  }
}
