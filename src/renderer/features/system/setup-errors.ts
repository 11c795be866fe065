import type { SetupField } from '../../../shared/contract/setup.ts'
import { withUrlExample } from '../../ui/url-example.ts'
import type { SetupRun } from './use-setup.ts'

/** Where the core speaks of a field. */
export function pathOf({ kind, name }: Pick<SetupField, 'kind' | 'name'>): string {
  return `${kind === 'secret' ? 'credentials' : 'values'}.${name}`
}

/** By field: what the core refused, and what a check says of one. What was changed since is not at fault any more. */
export function errorsOf(
  { checks, problem }: Pick<SetupRun, 'checks' | 'problem'>,
  fields: readonly SetupField[],
  changed: readonly string[],
): Readonly<Record<string, string>> {
  const refused = (problem?.details ?? []).map(({ path, message }): [string, string] => [path, message])
  const failed = checks.flatMap(({ state, field, message }): [string, string][] =>
    state === 'failed' && field !== null ? [[field, message]] : [],
  )
  const errors = new Map([...failed, ...refused])
  return Object.fromEntries(
    fields.flatMap((field): [string, string][] => {
      const { placeholder } = field
      const path = pathOf(field)
      const message = errors.get(path)
      return message === undefined || changed.includes(path)
        ? []
        : [[path, placeholder === '' ? message : withUrlExample(message, placeholder)]]
    }),
  )
}
