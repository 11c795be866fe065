/** What a server claims about a tool by annotations (MCP, ToolAnnotations). Claims, not facts: nothing is decided by them. */
export type ToolKind = 'read_only' | 'destructive' | 'open_world' | 'none'

type Annotations = Readonly<Record<string, unknown>>

/** In the order in which they are offered. */
export const toolKinds: readonly { kind: ToolKind; label: string }[] = [
  { kind: 'read_only', label: 'Read-only' },
  { kind: 'destructive', label: 'Destructive' },
  { kind: 'open_world', label: 'Open world' },
  { kind: 'none', label: 'No annotation' },
]

const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']

/** Only what is said counts: a server that says nothing would by the specification be destructive in an open world. */
export function isOfKind(annotations: Annotations, kind: ToolKind): boolean {
  const isReadOnly = annotations.readOnlyHint === true
  switch (kind) {
    case 'read_only':
      return isReadOnly
    case 'destructive':
      return !isReadOnly && annotations.destructiveHint === true
    case 'open_world':
      return annotations.openWorldHint === true
    case 'none':
      return hints.every((hint) => typeof annotations[hint] !== 'boolean')
  }
}

/** The claims of one tool in words; `loud` where a person should notice it in passing. */
export function traitsOf(annotations: Annotations): { word: string; loud: boolean }[] {
  return [
    ...(isOfKind(annotations, 'read_only') ? [{ word: 'read-only', loud: false }] : []),
    ...(isOfKind(annotations, 'destructive') ? [{ word: 'destructive', loud: true }] : []),
    ...(annotations.idempotentHint === true ? [{ word: 'idempotent', loud: false }] : []),
    ...(isOfKind(annotations, 'open_world') ? [{ word: 'open world', loud: false }] : []),
  ]
}
