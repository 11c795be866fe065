import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import type { GridItem } from '../../ui/virtual-grid.tsx'
import type { TagGroup } from './operation-list.ts'

interface TagItem extends GridItem {
  kind: 'tag'
  tag: string
  /** The operations below it that are listed now. */
  names: readonly string[]
  open: boolean
}

interface OperationItem extends GridItem {
  kind: 'operation'
  tool: PreviewTool
  /** Its details are shown below it. */
  open: boolean
}

export type TreeItem = TagItem | OperationItem

/** Until it is measured. */
const OPEN_HEIGHT = 420
const TAG_HEIGHT = 36

/** The rows of the tree. A document without tags has none: its operations stand at the top. */
export function treeItems(
  groups: readonly TagGroup[],
  options: { closed: ReadonlySet<string>; openTool: string | undefined; rowHeight: number },
): TreeItem[] {
  const { closed, openTool, rowHeight } = options
  const operation = (tool: PreviewTool): OperationItem =>
    tool.name === openTool
      ? { kind: 'operation', key: `tool ${tool.name}`, tool, open: true, height: OPEN_HEIGHT, measured: true }
      : { kind: 'operation', key: `tool ${tool.name}`, tool, open: false, height: rowHeight }
  const [only, another] = groups
  if (only && !another && only.tag === '') return only.tools.map(operation)
  return groups.flatMap(({ tag, tools }): TreeItem[] => {
    const open = !closed.has(tag)
    const names = tools.map(({ name }) => name)
    return [
      { kind: 'tag', key: `tag ${tag}`, tag, names, open, height: Math.min(TAG_HEIGHT, rowHeight) },
      ...(open ? tools.map(operation) : []),
    ]
  })
}

/** The operations that a row stands for. */
export function namesOf(item: TreeItem): readonly string[] {
  return item.kind === 'tag' ? item.names : [item.tool.name]
}
