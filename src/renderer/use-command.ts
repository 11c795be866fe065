import { useEffect, useEffectEvent } from 'react'
import { tinykeys } from 'tinykeys'
import { commandTable, type CommandId, type Commands } from './commands.ts'
import { useConsole } from './stores/console.tsx'

/** Lets a component answer a command while it is mounted (and `enabled`). */
export function useCommand(id: CommandId, handler: () => void, enabled = true): void {
  const { commands } = useConsole()
  const run = useEffectEvent(handler)
  useEffect(() => (enabled ? commands.register(id, () => run()) : undefined), [commands, id, enabled])
}

/** Listens to the keys of every command. A key that a field has a meaning for is left to the field that has the focus. */
export function listenToKeys(target: Window, commands: Commands): () => void {
  const bindings = Object.entries(commandTable).map(([id, { keys, yieldsToFields }]) => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || (yieldsToFields && isTyping(event))) return
      // Under a dialog nothing moves; and in a browser no key may reload a page that shows a token once.
      if (target.document.querySelector('[data-modal]')) event.preventDefault()
      else if (commands.run(id as CommandId)) event.preventDefault()
    }
    // `?` needs Shift on most layouts and none on some.
    return [keys === '?' ? '[Shift]+?' : keys, listener] as const
  })
  return tinykeys(target, Object.fromEntries(bindings), { ignore: (event) => event.repeat || event.isComposing })
}

function isTyping(event: KeyboardEvent): boolean {
  // The editor lives in a shadow root, which names itself as the target outside.
  const [target] = event.composedPath()
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))
  )
}
