/**
 * The sections of the sidebar, in its order; the place in this list is the number of the section's key. A section is one
 * line here and its icon in sidebar.tsx.
 */
export const sections = [
  { id: 'integrations', label: 'Integrations', to: '/integrations' },
  { id: 'tools', label: 'Tools', to: '/tools' },
  { id: 'playground', label: 'Playground', to: '/playground' },
  { id: 'traffic', label: 'Traffic', to: '/traffic' },
  { id: 'incidents', label: 'Incidents', to: '/incidents' },
  { id: 'notifications', label: 'Notifications', to: '/notifications' },
  { id: 'agents', label: 'Agents', to: '/agents' },
] as const

export type SectionId = (typeof sections)[number]['id']

export interface Command {
  label: string
  /** As tinykeys reads them; `$mod` is ⌘ on a Mac and Ctrl elsewhere. */
  keys: string
  group: 'Everywhere' | 'Go to' | 'Forms'
  /** In a field these keys mean something of its own, and keep that meaning. */
  yieldsToFields?: true
}

const actions = {
  'palette.show': { label: 'Command palette', keys: '$mod+k', group: 'Everywhere' },
  search: { label: 'Search this screen', keys: '$mod+f', group: 'Everywhere' },
  'integrations.add': { label: 'Add an integration', keys: '$mod+n', group: 'Everywhere' },
  restart: { label: 'Refresh or restart', keys: '$mod+r', group: 'Everywhere' },
  undo: { label: 'Undo the last delete', keys: '$mod+z', group: 'Everywhere', yieldsToFields: true },
  'pane.next': { label: 'Next pane', keys: 'F6', group: 'Everywhere' },
  'sidebar.toggle': { label: 'Fold or unfold the sidebar', keys: '$mod+\\', group: 'Everywhere' },
  'keys.show': { label: 'All keys', keys: '?', group: 'Everywhere', yieldsToFields: true },
  'go.settings': { label: 'Go to Settings', keys: '$mod+,', group: 'Go to' },
  save: { label: 'Save', keys: '$mod+s', group: 'Forms' },
  submit: { label: 'Submit or run', keys: '$mod+Enter', group: 'Forms' },
} as const satisfies Record<string, Command>

export type GoCommandId = `go.${SectionId}`
export type CommandId = keyof typeof actions | GoCommandId

/** Everything that has a key, once: the key listener, the key list and the palette read this table. */
export const commandTable: Readonly<Record<CommandId, Command>> = {
  ...(Object.fromEntries(
    sections.map(({ id, label }, index) => [
      `go.${id}`,
      { label: `Go to ${label}`, keys: `$mod+${index + 1}`, group: 'Go to' },
    ]),
  ) as Record<GoCommandId, Command>),
  ...actions,
}

/** Keys that a focused list understands; shown in the key list beside the commands. */
export const listKeys = [
  { keys: 'ArrowUp ArrowDown', label: 'Previous, next row' },
  { keys: 'Home End', label: 'First, last row' },
  { keys: 'PageUp PageDown', label: 'One page up, down' },
  { keys: 'ArrowRight', label: 'Into the controls of the row' },
  { keys: 'Enter', label: 'Open' },
  { keys: 'Space', label: 'Switch on or off' },
  { keys: 'Backspace', label: 'Delete' },
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

  /** Whether the screen in front answers it. */
  has(id: CommandId): boolean {
    return (this.#handlers.get(id)?.length ?? 0) > 0
  }

  /** True when somebody handled it; else the key keeps its own meaning. */
  run(id: CommandId): boolean {
    const handler = this.#handlers.get(id)?.at(-1)
    handler?.()
    return handler !== undefined
  }
}
