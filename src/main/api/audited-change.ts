import type { AuditEntry } from '../../shared/contract/audit.ts'

/** These are written to be read by their method, but change nothing that an admin set. */
const NO_CHANGE: ReadonlySet<string> = new Set([
  'integrations.test',
  'integrations.test_draft',
  'integrations.diagnose',
  'openapi.preview',
  'openapi.preview_tool',
  'openapi.try_tool',
  'openapi.check',
  'tools.call',
  'tools.run',
  'agents.lease',
  'clients.preview',
  'transfer.plan',
  'console.create_url',
  'setup.verify',
  'channels.test',
  'channels.test_draft',
  'channels.preview',
  'rules.test',
  'rules.preview',
  'prometheus.poll',
  'events.create',
])
/** What names the thing that is changed, the first that is there; every other member of an input is a field of it. */
const NAMES = ['id', 'name'] as const
/** How fields of the contract look. Input that was refused may hold anything, a secret in place of a name included. */
const FIELD = /^[a-z][a-z_]{0,39}$/
const MOST_FIELDS = 50

/** What the audit keeps of an operation: names, never a value that was given. Undefined for one that only reads. */
export function auditedChange(
  path: readonly string[],
  method: string | undefined,
  input: unknown,
): Omit<AuditEntry, 'id' | 'at' | 'actor' | 'outcome'> | undefined {
  const action = path.join('.')
  if (method === 'GET' || NO_CHANGE.has(action)) return undefined
  const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
  const named = NAMES.find((key) => typeof given[key] === 'string')
  return {
    action,
    target: named === undefined ? null : String(given[named]).slice(0, 200),
    fields: Object.keys(given)
      .filter((key) => key !== named && FIELD.test(key))
      .slice(0, MOST_FIELDS),
  }
}
