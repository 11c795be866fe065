import { useStore } from 'zustand'
import { useConsole } from '../../stores/console.tsx'
import { useCommand } from '../../use-command.ts'
import { useDeletions } from './use-deletions.ts'

/** Answers ⌘Z on every screen while something that was deleted can be brought back. */
export function UndoCommand() {
  const { stores } = useConsole()
  const possible = useStore(stores.deletions, ({ pending }) => pending.length > 0)
  const { undoLast } = useDeletions()
  useCommand('undo', undoLast, possible)
  return null
}
