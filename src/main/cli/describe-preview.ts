import type { OpenApiPreview, PreviewTool } from '../../shared/contract/openapi.ts'
import { tagsOf } from './select-operations.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './visible.ts'
import { counted } from './words.ts'

const MAX_WARNINGS = 10
const NO_TAG = 'Without a tag'

/** A document for a person: its operations by tag, what was selected, what they cost an agent, what is wrong. */
export function describePreview(
  preview: OpenApiPreview,
  selected: ReadonlySet<PreviewTool>,
  terminal: Terminal,
): string {
  const { title, version, format, base_url, auth, tools, warnings } = preview
  const facts = [
    ['API', [title, version].filter((words) => words !== '').join(' ')],
    ['Document', format],
    ['Address', base_url === '' ? 'none; give it by --base-url' : base_url],
    ['Authentication', auth.auth_type],
  ].map(([label = '', value = '']) => [terminal.styled('bold', label), visible(value)])
  const parts = [table(facts), table(rowsOf(tools, selected, terminal), terminal.columns), totals(tools, selected)]
  if (warnings.length > 0) parts.push(warningLines(warnings, terminal))
  return parts.filter((part) => part !== '').join('\n\n')
}

function rowsOf(tools: readonly PreviewTool[], selected: ReadonlySet<PreviewTool>, terminal: Terminal): string[][] {
  const groups = new Map<string, PreviewTool[]>()
  for (const tool of tools) {
    const tag = tagsOf(tool)[0] ?? NO_TAG
    groups.set(tag, [...(groups.get(tag) ?? []), tool])
  }
  return [...groups].flatMap(([tag, members], index) => [
    ...(index === 0 ? [] : [[]]),
    [terminal.styled('bold', visible(tag))],
    ...members.map((tool) => [
      `${selected.has(tool) ? terminal.styled('green', '✓') : ' '} ${tool.method}`,
      visible(tool.operation?.path ?? tool.path),
      tool.name,
      tool.tokens.toLocaleString('en'),
      [
        tool.operation?.deprecated === true ? terminal.styled('yellow', 'deprecated') : '',
        tool.warnings.length > 0 ? terminal.styled('yellow', counted(tool.warnings.length, 'warning')) : '',
      ]
        .filter((word) => word !== '')
        .join(', '),
    ]),
  ])
}

function totals(tools: readonly PreviewTool[], selected: ReadonlySet<PreviewTool>): string {
  const chosen = sum([...selected]).toLocaleString('en')
  const all = sum(tools).toLocaleString('en')
  return `${counted(tools.length, 'operation')}, ${selected.size} selected (✓): about ${chosen} tokens in an agent's context, ${all} for all of them.`
}

function sum(tools: readonly PreviewTool[]): number {
  return tools.reduce((total, { tokens }) => total + tokens, 0)
}

export function warningLines(warnings: OpenApiPreview['warnings'], terminal: Terminal): string {
  const lines = warnings.slice(0, MAX_WARNINGS).map(({ message, pointer, operation }) => {
    const where = [operation, pointer].filter((part) => part !== null && part !== '').join(' at ')
    return `  ${visible(message)}${where === '' ? '' : terminal.styled('gray', ` (${visible(where)})`)}`
  })
  const more = warnings.length - lines.length
  const rest = more > 0 ? [`  … and ${more} more; --json has them all`] : []
  return [terminal.styled('yellow', `${counted(warnings.length, 'warning')}:`), ...lines, ...rest].join('\n')
}
