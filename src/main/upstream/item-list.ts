import { readBuilt, type BuiltList, type ListRules } from './list-builder.ts'
import { ListedItem } from './listed-item.ts'

/** An ordered, immutable list of prompts, resources or templates. */
export class ItemList {
  readonly items: readonly ListedItem[]
  /** JSON array text of all items: what the store keeps. */
  readonly bytes: Buffer

  constructor({ items, bytes }: Pick<BuiltList<ListedItem>, 'items' | 'bytes'>) {
    this.items = items
    this.bytes = bytes
  }

  /** `bytes` as a string, made anew at each reading. */
  get text(): string {
    return this.bytes.toString('utf8')
  }
}

/** The lists other than that of tools. */
export type ItemKind = 'prompts' | 'resources' | 'templates'

const create: ListRules<ListedItem>['create'] = (key, list, start, end) => new ListedItem(key, list, start, end)
/** Clients show a name, and strict ones refuse the whole list where one lacks it. */
const hasName: ListRules<ListedItem>['faultOf'] = ({ name }) =>
  typeof name === 'string' ? undefined : 'it has no name'

export const itemRules: Readonly<Record<ItemKind, ListRules<ListedItem>>> = {
  prompts: {
    member: 'prompts',
    noun: 'prompt',
    keyMember: 'name',
    keyNoun: 'name',
    faultOf: () => undefined,
    create,
  },
  resources: { member: 'resources', noun: 'resource', keyMember: 'uri', keyNoun: 'URI', faultOf: hasName, create },
  templates: {
    member: 'resourceTemplates',
    noun: 'resource template',
    keyMember: 'uriTemplate',
    keyNoun: 'URI template',
    faultOf: hasName,
    create,
  },
}

/** The list that the store kept: the JSON array text of an earlier list. */
export function parseItemList(kind: ItemKind, text: string): ItemList {
  return new ItemList(readBuilt(itemRules[kind], Buffer.from(text)))
}

export const emptyItemList: ItemList = parseItemList('prompts', '[]')
