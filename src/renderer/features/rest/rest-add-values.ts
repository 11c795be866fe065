import type { Resolver } from 'react-hook-form'
import { NewRestIntegration } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { nameProblem } from '../add/add-values.ts'
import { detailsOfIssues, type FieldProblem, resolverOf } from '../connection/field-errors.ts'
import { placeRestDetails, restErrors } from './rest-errors.ts'
import { emptyRestValues, type RestValues, toRestConnection, toRestCredentials } from './rest-values.ts'

/** The whole of Add REST API, but for its tools: what it is called, and how it is reached. */
export interface RestAddValues extends RestValues {
  name: string
  display_name: string
  description: string
  logo_url: string
  category: string
}

export function emptyRestAddValues(): RestAddValues {
  return { ...emptyRestValues(), name: '', display_name: '', description: '', logo_url: '', category: '' }
}

/** What `integrations.create` takes. */
export function toNewRest(values: RestAddValues, tools: readonly RestTool[]): NewRestIntegration {
  const { rest, ...connection } = toRestConnection(values)
  const credentials = toRestCredentials(values)
  return {
    name: values.name.trim(),
    display_name: values.display_name.trim(),
    description: values.description.trim(),
    logo_url: values.logo_url.trim(),
    category: values.category.trim(),
    ...connection,
    rest: { ...rest, tools: [...tools] },
    ...(credentials ? { credentials } : {}),
    enabled_tools: [],
    disabled_tools: [],
    on_definition_change: 'hold',
  }
}

/** What is wrong with the form, by the contract's own schema. Each tool was checked when it was added. */
export function restAddErrors(values: RestAddValues, taken: ReadonlySet<string>): FieldProblem[] {
  const input = toNewRest(values, [])
  const parsed = NewRestIntegration.safeParse(input)
  const { fields } = placeRestDetails(parsed.success ? [] : detailsOfIssues(parsed.error.issues), values)
  const name = nameProblem(input.name, taken)
  return [...restErrors(values), ...fields, ...(name ? [{ field: 'name', message: name }] : [])]
}

export function restAddResolver(taken: () => ReadonlySet<string>): Resolver<RestAddValues> {
  return resolverOf((values) => restAddErrors(values, taken()))
}
