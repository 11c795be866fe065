import type { Conversation } from './conversation.ts'
import { ItemList, itemRules, type ItemKind } from './item-list.ts'
import { ListBuilder } from './list-builder.ts'
import { ListRefused, readPages, type PageLimits } from './list-pages.ts'

const METHODS: Readonly<Record<ItemKind, string>> = {
  prompts: 'prompts/list',
  resources: 'resources/list',
  templates: 'resources/templates/list',
}
const METHOD_NOT_FOUND = -32601

export interface ListedItems {
  list: ItemList
  warnings: readonly string[]
}

/**
 * All pages of one of the lists other than that of tools. Servers declare resources and then know no such list (-32601)
 * or fail at it (-32603): an empty list with a warning. Throws AppError where there was no answer, or none that is a list.
 */
export async function listItems(conversation: Conversation, kind: ItemKind, limits: PageLimits): Promise<ListedItems> {
  const builder = new ListBuilder(itemRules[kind])
  const build = (warnings: readonly string[]) => {
    const built = builder.build(warnings)
    return { list: new ItemList(built), warnings: built.warnings }
  }
  try {
    return build(await readPages(conversation, METHODS[kind], builder, limits))
  } catch (error) {
    if (!(error instanceof ListRefused)) throw error
    // There is no capability for templates: who has resources need not know the question.
    const isNormal = kind === 'templates' && error.code === METHOD_NOT_FOUND
    return build(isNormal ? [] : [error.message])
  }
}
