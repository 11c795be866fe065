import type { ToolFlag } from '../../shared/contract/tools.ts'
import { codePoint, hiddenIn } from '../../shared/hidden-characters.ts'
import type { UpstreamTool } from '../upstream/tool-list.ts'

/** More than a model needs to know a tool, and more than a person reads before approving it. In UTF-8. */
const LONG_DESCRIPTION_BYTES = 4 * 1024
/** Different characters that a finding names. */
const MOST_NAMED = 8
/** Without one of these in its JSON text a definition can hide nothing. */
const MAY_HIDE = /[^\n\r\t\x20-\x7e]|\\u/

const PARTS: readonly [member: string, words: string][] = [
  ['name', 'The name'],
  ['title', 'The title'],
  ['description', 'The description'],
  ['inputSchema', 'The schema of its arguments'],
  ['outputSchema', 'The schema of its results'],
  ['annotations', 'The annotations'],
]

/** What a person should know of a tool's own texts before an agent reads them. It blocks nothing. */
export function ownFlags(tool: UpstreamTool): ToolFlag[] {
  const { text } = tool
  const mayHide = MAY_HIDE.test(text)
  if (!mayHide && text.length <= LONG_DESCRIPTION_BYTES) return []
  const { definition } = tool
  const flags: ToolFlag[] = []
  if (mayHide) {
    for (const [member, words] of PARTS) {
      const hidden = hiddenWords(definition[member])
      if (hidden !== undefined) flags.push({ kind: 'hidden_characters', message: `${words} ${hidden}` })
    }
  }
  const { description } = definition
  const bytes = typeof description === 'string' ? Buffer.byteLength(description) : 0
  if (bytes > LONG_DESCRIPTION_BYTES) {
    const size = `${(bytes / 1024).toFixed(1)} KiB`
    flags.push({
      kind: 'long_description',
      message: `The description has ${size}. Read all of it before you trust it.`,
    })
  }
  return flags
}

function hiddenWords(value: unknown): string | undefined {
  const found = new Set<string>()
  let count = 0
  for (const words of textsIn(value)) {
    for (const { character } of hiddenIn(words)) {
      count++
      if (found.size < MOST_NAMED) found.add(codePoint(character.codePointAt(0) ?? 0))
    }
  }
  if (count === 0) return undefined
  const what = count === 1 ? '1 character' : `${count} characters`
  return `holds ${what} that a person cannot see and a model reads: ${[...found].join(', ')}.`
}

/** Every text in a value, names of members included; level by level, without recursion. */
function* textsIn(value: unknown): Generator<string> {
  let level: unknown[] = [value]
  while (level.length > 0) {
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item === 'string') yield item
      else if (Array.isArray(item)) for (const member of item) next.push(member)
      else if (typeof item === 'object' && item !== null) {
        for (const [key, member] of Object.entries(item)) {
          yield key
          next.push(member)
        }
      }
    }
    level = next
  }
}
