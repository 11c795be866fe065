import type { Integration } from '../../../shared/contract/integrations.ts'
import type { DoctorReport, DoctorStep } from '../../../shared/contract/oauth.ts'
import type { VaultState } from '../../../shared/contract/vault.ts'
import type { CommandContext } from '../command-context.ts'
import { describeConnection } from '../describe-connection.ts'
import type { Client } from '../running-gateway.ts'
import { statusColour, statusWord } from '../status-words.ts'
import { table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { VAULT_HINT } from '../vault-hint.ts'
import { withClient } from '../with-client.ts'
import { tellTest } from './test.ts'

/** What is not as it should be, with what to do about it. */
interface Finding {
  about: string
  message: string
}

/** Looks at one integration, or at the whole installation. Exits with 1 where something is wrong. */
export async function doctor(context: CommandContext, name: string | undefined): Promise<number> {
  return name === undefined ? await examineAll(context) : await examineOne(context, name)
}

/** Signing in and a call, step by step; without OAuth a connection test says all there is to say. */
async function examineOne(context: CommandContext, name: string): Promise<number> {
  const { terminal, signal } = context
  const { report, result } = await terminal.busy(`Looking at ${name}`, () =>
    withClient(context, async (client) => {
      const { oauth } = await client.integrations.get({ name })
      if (oauth === null) return { result: await client.integrations.test({ name }, { signal }) }
      return { report: await diagnose(client, context, name) }
    }),
  )
  if (report === undefined) return tellTest(result, terminal)
  terminal.answer(report, () => readable(report, terminal))
  return report.ok ? 0 : 1
}

async function diagnose(client: Client, { signal }: CommandContext, name: string): Promise<DoctorReport> {
  const steps = await client.integrations.diagnose({ name }, { signal })
  for (;;) {
    const next = await steps.next()
    if (next.done === true) return next.value
  }
}

function readable({ ok, message, steps }: DoctorReport, terminal: Terminal): string {
  const rows = steps.map(({ step, state, message: found }) => [mark(state, terminal), step.replaceAll('_', ' '), found])
  const fixes = steps.flatMap(({ step, fix }) => (fix === null ? [] : [`${step.replaceAll('_', ' ')}: ${fix}`]))
  const whatToDo = fixes.length === 0 ? [] : ['', 'What to do:', ...fixes.map((fix) => `  ${fix}`)]
  return [table(rows), terminal.styled(ok ? 'green' : 'red', message), ...whatToDo].join('\n')
}

function mark(state: DoctorStep['state'], terminal: Terminal): string {
  const colours = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray', running: 'gray' } as const
  return terminal.styled(colours[state], state)
}

async function examineAll(context: CommandContext): Promise<number> {
  const { terminal } = context
  return await withClient(context, async (client, core) => {
    const [status, { items }] = await Promise.all([client.system.status(), client.integrations.list()])
    const active = items.filter(({ status: each, source }) => each === 'active' && source === 'custom')
    const findings = [
      ...(core.temporary ? [{ about: 'gateway', message: 'None is running. Start it: `gatehouse serve`.' }] : []),
      ...vaultFindings(status.vault),
      ...active.flatMap((integration) => integrationFindings(integration)),
    ]
    const ok = findings.length === 0
    terminal.answer({ ok, version: status.version, data_dir: status.data_dir, vault: status.vault, findings }, () => {
      const rows = active.map((integration) => [
        integration.name,
        terminal.styled(statusColour(integration, core), statusWord(integration, core)),
      ])
      const facts = [
        `Gatehouse ${status.version}, data in ${status.data_dir}`,
        ...(core.temporary ? [] : [`Agents connect to ${status.mcp_url}`]),
      ]
      const told = findings.map(({ about, message }) => `${terminal.styled('red', about)}: ${message}`)
      return [...facts, ...(rows.length > 0 ? [table(rows)] : []), ...(ok ? ['Nothing is wrong.'] : told)].join('\n')
    })
    return ok ? 0 : 1
  })
}

function vaultFindings({ state, reason }: VaultState): Finding[] {
  if (state !== 'locked' && state !== 'unavailable') return []
  const what =
    state === 'locked'
      ? 'It is locked, so integrations with secrets are not connected.'
      : 'There is none, so no secret can be stored.'
  return [{ about: 'vault', message: [what, ...(reason === null ? [] : [reason]), VAULT_HINT].join(' ') }]
}

function integrationFindings(integration: Integration): Finding[] {
  const { name, connection, oauth, unapproved_tools: unapproved, on_definition_change: onChange } = integration
  const isWell = ['connected', 'disabled', 'connecting'].includes(connection.state)
  const held = onChange === 'hold' ? unapproved : 0
  return [
    ...(isWell ? [] : [{ about: name, message: describeConnection(integration) }]),
    ...(oauth !== null && oauth.missing_scopes.length > 0
      ? [{ about: name, message: `A tool asked for more access. Use \`gatehouse authorize ${name}\`.` }]
      : []),
    ...(held > 0
      ? [{ about: name, message: `${held} of its tools wait for approval. See \`gatehouse approve ${name} --diff\`.` }]
      : []),
  ]
}
