/** What a server claims about a tool by annotations (MCP, ToolAnnotations). Claims, not facts: nothing is decided by them. */
export function traitsOf(annotations: Readonly<Record<string, unknown>>): { word: string; loud: boolean }[] {
  const readOnly = annotations.readOnlyHint === true
  return [
    ...(readOnly ? [{ word: 'read-only', loud: false }] : []),
    ...(!readOnly && annotations.destructiveHint === true ? [{ word: 'destructive', loud: true }] : []),
    ...(annotations.idempotentHint === true ? [{ word: 'idempotent', loud: false }] : []),
    ...(annotations.openWorldHint === true ? [{ word: 'reaches outside', loud: false }] : []),
  ]
}
