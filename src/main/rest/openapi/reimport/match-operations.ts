import type { RestTool } from '../../../../shared/contract/rest.ts'

type Operation = NonNullable<RestTool['operation']>

/** Operations of a document, to be found again from tools that were made of an older one. */
class OperationIndex<Tool extends RestTool> {
  readonly #byPlace = new Map<string, Tool>()
  readonly #byShape = new Map<string, Tool | null>()
  readonly #byId = new Map<string, Tool | null>()

  constructor(tools: readonly Tool[]) {
    for (const tool of tools) {
      const { operation } = tool
      if (operation === undefined) continue
      this.#byPlace.set(placeOf(operation), tool)
      addUnlessTwice(this.#byShape, shapeOf(operation), tool)
      if (operation.id !== undefined) addUnlessTwice(this.#byId, operation.id, tool)
    }
  }

  /** By method and path. */
  at(operation: Operation): Tool | undefined {
    return this.#byPlace.get(placeOf(operation))
  }

  /** Elsewhere: under the same operationId, or at the same path with its parameters named otherwise. */
  movedFrom(operation: Operation): Tool | undefined {
    const byId = operation.id === undefined ? undefined : this.#byId.get(operation.id)
    return byId ?? this.#byShape.get(shapeOf(operation)) ?? undefined
  }
}

/**
 * Which operation of the document each tool stands for. Tools made by hand have none. Whatever stands where it stood
 * is the same operation; only what is left over may have moved there.
 */
export function matchOperations<Tool extends RestTool>(
  tools: readonly RestTool[],
  document: readonly Tool[],
): Map<RestTool, Tool> {
  const index = new OperationIndex(document)
  const matches = new Map<RestTool, Tool>()
  const taken = new Set<Tool>()
  for (const tool of tools) {
    const found = tool.operation && index.at(tool.operation)
    if (found === undefined) continue
    matches.set(tool, found)
    taken.add(found)
  }
  for (const tool of tools) {
    if (tool.operation === undefined || matches.has(tool)) continue
    const moved = index.movedFrom(tool.operation)
    if (moved !== undefined && !taken.has(moved)) matches.set(tool, moved)
  }
  return matches
}

/** `GET /invoices/{id}`, as a person knows it. */
export function operationLabel(tool: RestTool): string {
  const { method, path } = tool.operation ?? tool
  return `${method} ${path}`
}

function placeOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

function shapeOf({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{[^{}]*\}/g, '{}')}`
}

/** Two that cannot be told apart are found by nothing. */
function addUnlessTwice<Tool>(index: Map<string, Tool | null>, key: string, tool: Tool): void {
  index.set(key, index.has(key) ? null : tool)
}
