import type { FieldChange, ImportDiff, PreviewTool } from '../../shared/contract/openapi.ts'
import { warningLines } from './describe-preview.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './visible.ts'
import { counted } from './words.ts'

/** Characters of a value before and after; the rest is in `--json`. */
const MAX_VALUE = 200

type Styled = Terminal['styled']

/** What a newer document changes, for a person. `added`: those of the new operations that would be added. */
export function describeImportDiff(diff: ImportDiff, added: readonly PreviewTool[], terminal: Terminal): string {
  const styled: Styled = (style, words) => terminal.styled(style, words)
  const names = new Set(added.map(({ name }) => name))
  const left = [...diff.added, ...diff.available].filter(({ name }) => !names.has(name))
  const blocks = [
    ...diff.changed.map(({ tool, operation, fields }) =>
      [
        `${styled('yellow', '~')} ${tool}  ${visible(operation)}`,
        ...fields.flatMap((field) => fieldLines(field, styled)),
      ].join('\n'),
    ),
    lines(added.map((tool) => `${styled('green', '+')} ${tool.name}  ${placeOf(tool)}`)),
    lines(diff.removed.map(({ tool, operation }) => `${styled('red', '-')} ${tool}  ${visible(operation)}`)),
    lines(diff.deprecated.map(({ tool, operation }) => `! ${tool}  ${visible(operation)} is deprecated now`)),
    lines(diff.profiles.map(({ name, tools }) => `Profile ${visible(name)} has ${tools.join(', ')}.`)),
    lines(
      diff.calls.map(
        ({ tool, count, last_at }) => `${tool} had ${counted(count, 'call')} in seven days, last at ${last_at}.`,
      ),
    ),
    lines([
      diff.unchanged > 0 ? `= ${counted(diff.unchanged, 'tool')} as it should be` : '',
      left.length > 0 ? `${counted(left.length, 'operation')} not selected: choose with --select` : '',
    ]),
    diff.warnings.length > 0 ? warningLines(diff.warnings, terminal) : '',
  ]
  return blocks.filter((block) => block !== '').join('\n')
}

function fieldLines({ path, before, after, kept }: FieldChange, styled: Styled): string[] {
  const note = kept ? styled('gray', ' (edited by hand: stays as it is)') : ''
  const value = (text: string) => visible(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text)
  return [
    `    ${visible(path)}${note}`,
    ...(before === null ? [] : [styled('red', `      - ${value(before)}`)]),
    ...(after === null ? [] : [styled('green', `      + ${value(after)}`)]),
  ]
}

function placeOf(tool: PreviewTool): string {
  return visible(`${tool.method} ${tool.operation?.path ?? tool.path}`)
}

function lines(items: readonly string[]): string {
  return items.filter((item) => item !== '').join('\n')
}
