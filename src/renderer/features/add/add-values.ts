import type { Resolver } from 'react-hook-form'
import { NewIntegration, type NewMcpIntegration } from '../../../shared/contract/integrations.ts'
import { type ConnectionValues, emptyConnection, toConnection, toCredentials } from '../connection/connection-values.ts'
import { detailsOfIssues, type FieldProblem, placeDetails, resolverOf, rowErrors } from '../connection/field-errors.ts'
import { isReserved } from './slug-proposal.ts'

/** The whole of Add: what it is called, and how it is reached. */
export interface AddValues extends ConnectionValues {
  name: string
  display_name: string
  description: string
  logo_url: string
  category: string
}

export function emptyAddValues(): AddValues {
  return { ...emptyConnection(), name: '', display_name: '', description: '', logo_url: '', category: '' }
}

/** What `integrations.create` takes. */
export function toNewIntegration(values: AddValues): NewMcpIntegration {
  const credentials = toCredentials(values)
  return {
    name: values.name.trim(),
    display_name: values.display_name.trim(),
    description: values.description.trim(),
    logo_url: values.logo_url.trim(),
    category: values.category.trim(),
    ...toConnection(values),
    ...(credentials ? { credentials } : {}),
    enabled_tools: [],
    disabled_tools: [],
    on_definition_change: 'hold',
  }
}

/** Why this name cannot be used, or undefined. The words are ui.md's. */
export function nameProblem(name: string, taken: ReadonlySet<string>): string | undefined {
  if (taken.has(name)) return `${name} is already used in this workspace.`
  if (isReserved(name)) return `${name} is reserved. Choose another name.`
  return undefined
}

/** What is wrong with the form, by the contract's own schema: form, API and core agree on every rule. */
export function addErrors(values: AddValues, taken: ReadonlySet<string>): FieldProblem[] {
  const input = toNewIntegration(values)
  const parsed = NewIntegration.safeParse(input)
  const placed = placeDetails(parsed.success ? [] : detailsOfIssues(parsed.error.issues), values)
  const rows = rowErrors(values).map(({ path, message }) => ({ field: path, message }))
  const name = nameProblem(input.name, taken)
  return [...rows, ...placed.fields, ...(name ? [{ field: 'name', message: name }] : [])]
}

export function addResolver(taken: () => ReadonlySet<string>): Resolver<AddValues> {
  return resolverOf((values) => addErrors(values, taken()))
}
