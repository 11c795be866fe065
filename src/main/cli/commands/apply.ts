import type { ApplyPlan, PlanItem } from '../../../shared/contract/transfer.ts'
import type { CommandContext } from '../command-context.ts'
import { applyDocument, checkDocument, readDocument } from '../document-file.ts'
import { counted } from '../words.ts'
import { withClient } from '../with-client.ts'

export interface ApplyOptions {
  yes?: boolean
  dryRun?: boolean
}

const SIGNS = { create: '+', update: '~', unchanged: '=', invalid: '!' } as const

/** Shows what a document would change, asks where somebody can be asked, and changes it. */
export async function apply(context: CommandContext, path: string, { yes, dryRun }: ApplyOptions): Promise<number> {
  const { terminal, signal } = context
  const file = await readDocument(context, path)
  checkDocument(file)
  return await withClient(context, async (client) => {
    const plan = await client.transfer.plan({ document: file.document })
    const problems = plan.items.some(({ action }) => action === 'invalid')
    if (dryRun) {
      terminal.answer(plan, () => describePlan(plan))
      return problems ? 1 : 0
    }
    const changes = plan.items.filter(({ action }) => action === 'create' || action === 'update').length
    if (!problems && changes > 0 && !yes && terminal.interactive) {
      terminal.note(describePlan(plan))
      if (!(await terminal.confirm(`Apply ${counted(changes, 'change')}?`, signal))) {
        terminal.note('Nothing was applied.')
        return 0
      }
    }
    const done = await applyDocument(client, file)
    terminal.answer(done, () => describePlan(done))
    return 0
  })
}

function describePlan({ items }: ApplyPlan): string {
  const told = items.filter(({ action }) => action !== 'unchanged').map(describeItem)
  const unchanged = items.length - told.length
  const rest = unchanged > 0 ? [`= ${counted(unchanged, 'item')} as it should be`] : []
  const missing = items.filter((item) => item.missing_secrets.length > 0)
  const hints = missing.map(({ kind, name, missing_secrets }) =>
    kind === 'agent'
      ? `${name}: its token is made by "New token" on the Agents page.`
      : `${name} still needs: ${missing_secrets.join(', ')}. Enter them on its Connection tab.`,
  )
  return [...told, ...rest, ...hints].join('\n')
}

function describeItem({ kind, name, action, fields, problem }: PlanItem): string {
  const facts = problem ?? (fields.length > 0 ? fields.join(', ') : '')
  return `${SIGNS[action]} ${kind} ${name}${facts === '' ? '' : `: ${facts}`}`
}
