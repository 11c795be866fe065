/** Everything that has a key, once: the key listener and the key list read this table. */
export const commandTable = {
  search: { label: 'Search this screen', keys: '$mod+f', group: 'Everywhere' },
  'integrations.add': { label: 'Add an integration', keys: '$mod+n', group: 'Everywhere' },
  restart: { label: 'Restart the integration', keys: '$mod+r', group: 'Everywhere' },
  'go.integrations': { label: 'Go to Integrations', keys: '$mod+1', group: 'Everywhere' },
  'go.agents': { label: 'Go to Agents', keys: '$mod+2', group: 'Everywhere' },
  'go.settings': { label: 'Settings', keys: '$mod+,', group: 'Everywhere' },
  'sidebar.toggle': { label: 'Fold or unfold the sidebar', keys: '$mod+\\', group: 'Everywhere' },
  'keys.show': { label: 'This list', keys: '?', group: 'Everywhere' },
  save: { label: 'Save', keys: '$mod+s', group: 'Forms' },
  submit: { label: 'Submit or run', keys: '$mod+Enter', group: 'Forms' },
} as const satisfies Record<string, { label: string; keys: string; group: string }>

export type CommandId = keyof typeof commandTable

/** Keys that a focused list understands; shown in the key list beside the commands. */
export const listKeys = [
  { keys: 'ArrowUp ArrowDown', label: 'Previous, next row' },
  { keys: 'Home End', label: 'First, last row' },
  { keys: 'PageUp PageDown', label: 'One page up, down' },
  { keys: 'ArrowRight', label: 'Into the controls of the row' },
  { keys: 'Enter', label: 'Open' },
  { keys: 'Space', label: 'Switch on or off' },
  { keys: 'a b c', label: 'Tools: allow, block, clear' },
  { keys: 'Escape', label: 'Close the top layer' },
] as const

/** The handlers of the screen in front. The last to register wins, so a dialog takes a key from the page under it. */
export class Commands {
  readonly #handlers = new Map<CommandId, (() => void)[]>()

  /** Returns the function that takes the handler away again. */
  register(id: CommandId, handler: () => void): () => void {
    const stack = this.#handlers.get(id) ?? []
    this.#handlers.set(id, [...stack, handler])
    return () => {
      this.#handlers.set(
        id,
        (this.#handlers.get(id) ?? []).filter((other) => other !== handler),
      )
    }
  }

  /** True when somebody handled it; else the key keeps its own meaning. */
  run(id: CommandId): boolean {
    const handler = this.#handlers.get(id)?.at(-1)
    handler?.()
    return handler !== undefined
  }
}
