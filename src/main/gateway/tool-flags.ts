import type { ToolFlag } from '../../shared/contract/tools.ts'
import { ownFlags } from '../pins/own-flags.ts'
import type { ToolList } from '../upstream/tool-list.ts'
import type { NamedTool, NamedTools } from './named-tools.ts'
import { ToolMentions, type OwnTools } from './tool-mentions.ts'

export type FlagsOf = (slug: string, named: NamedTool) => ToolFlag[]

/** What was found out about one set of lists. */
interface Known {
  lists: readonly OwnTools[]
  flagsOf: FlagsOf
}

/** Findings in the texts of tools, each made once for the lists that it was made of. */
export class ToolFlags {
  readonly #names: NamedTools
  readonly #own = new WeakMap<NamedTool, ToolFlag[]>()
  /** By the first list of a set: the sets of a workspace begin with the same one until that changes. */
  readonly #known = new WeakMap<ToolList, Known>()

  constructor(names: NamedTools) {
    this.#names = names
  }

  /** For the tools of integrations beside which agents see `all` that are served. */
  for(all: readonly (OwnTools & { isServed: boolean })[]): FlagsOf {
    const lists = all.filter(({ isServed, tools }) => isServed && tools.tools.length > 0)
    const [first] = lists
    if (first === undefined) return (_slug, named) => this.#ownOf(named)
    const known = this.#known.get(first.tools)
    if (known !== undefined && sameLists(known.lists, lists)) return known.flagsOf
    const flagsOf = this.#make(lists)
    this.#known.set(first.tools, { lists, flagsOf })
    return flagsOf
  }

  #make(lists: readonly OwnTools[]): FlagsOf {
    const made = new WeakMap<NamedTool, ToolFlag[]>()
    let mentions: ToolMentions | undefined
    return (slug, named) => {
      let flags = made.get(named)
      if (flags === undefined) {
        mentions ??= new ToolMentions(lists, this.#names)
        flags = [...this.#ownOf(named), ...mentions.of(slug, named.tool)]
        made.set(named, flags)
      }
      return flags
    }
  }

  #ownOf(named: NamedTool): ToolFlag[] {
    let flags = this.#own.get(named)
    if (flags === undefined) this.#own.set(named, (flags = ownFlags(named.tool)))
    return flags
  }
}

function sameLists(one: readonly OwnTools[], other: readonly OwnTools[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ slug, tools }, index) => slug === other[index]?.slug && tools === other[index].tools)
  )
}
