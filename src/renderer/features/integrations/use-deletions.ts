import type { Integration } from '../../../shared/contract/integrations.ts'
import { useConsole } from '../../stores/console.tsx'
import type { Deletion } from '../../stores/deletions.ts'
import { useFailureToast, useToasts } from '../../ui/toast.tsx'
import { nameOf } from './catalog-filter.ts'

/** How long the core keeps what was deleted. The toast with [Undo] ends with it, even under the pointer. */
const UNDO_S = 10

export interface Deletions {
  /** Out of the list at once; the core erases it when the time for an undo is over. */
  remove: (integration: Integration) => void
  /** Brings back what was deleted last. */
  undoLast: () => void
}

/** Deleting an integration so that it can be undone (ui.md, "States every screen has"). */
export function useDeletions(): Deletions {
  const { client, stores } = useConsole()
  const toasts = useToasts()
  const fail = useFailureToast()
  const { put, remove: take } = stores.integrations.getState()
  const { add, drop } = stores.deletions.getState()

  const undo = async (deletion: Deletion): Promise<void> => {
    drop(deletion)
    // It is back already when the core refused to delete it.
    if (!(await deletion.deleted)) return
    try {
      put(await client.integrations.restore({ name: deletion.name }))
    } catch (cause) {
      fail(`${deletion.label} was not restored`, cause)
    }
  }

  const announce = (deletion: Deletion): void => {
    const toast = toasts.add({
      title: `Deleted ${deletion.label}.`,
      timeout: 0,
      actionProps: { children: 'Undo', onClick: () => void undo(deletion) },
    })
    const timer = setTimeout(() => drop(deletion), UNDO_S * 1_000)
    const stop = stores.deletions.subscribe(({ pending }) => {
      if (pending.includes(deletion)) return
      stop()
      clearTimeout(timer)
      toasts.close(toast)
    })
  }

  return {
    remove: (integration) => {
      const { name } = integration
      const label = nameOf(integration)
      take(name)
      const deletion: Deletion = {
        name,
        label,
        deleted: client.integrations.remove({ name, undo_s: UNDO_S }).then(
          () => true,
          (cause: unknown) => {
            drop(deletion)
            put(integration)
            fail(`${label} was not deleted`, cause)
            return false
          },
        ),
      }
      add(deletion)
      announce(deletion)
    },
    undoLast: () => {
      const last = stores.deletions.getState().pending.at(-1)
      if (last) void undo(last)
    },
  }
}
