import type { Resolver } from 'react-hook-form'
import { NewRestIntegration } from '../../../shared/contract/integrations.ts'
import type { NewRestSource, RestTool } from '../../../shared/contract/rest.ts'
import { nameProblem } from '../add/add-values.ts'
import { freeName, slugOfUrl, toSlug } from '../add/slug-proposal.ts'
import { detailsOfIssues, nestErrors } from '../connection/field-errors.ts'
import { placeRestDetails, restErrors } from '../rest/rest-errors.ts'
import { emptyRestValues, type RestValues, toRestConnection, toRestCredentials } from '../rest/rest-values.ts'
import { authValues } from './auth-choice.tsx'
import { wholeUrl } from './server-url.ts'
import type { Preview } from './use-preview.ts'

/** What an import asks for beside its operations: how the API is reached, and what it is called. */
export interface ImportValues extends RestValues {
  name: string
  display_name: string
  description: string
}

export const connectionFields = Object.keys(emptyRestValues()) as (keyof RestValues)[]

export function emptyImportValues(): ImportValues {
  return { ...emptyRestValues(), name: '', display_name: '', description: '' }
}

/** What a document proposes. */
export function proposedValues(preview: Preview, taken: ReadonlySet<string>): Partial<ImportValues> {
  const baseUrl = wholeUrl(preview.base_url, preview.source.url)
  return {
    base_url: baseUrl,
    ...authValues(preview.auth),
    name: freeName(slugOfTitle(preview.title) || slugOfUrl(baseUrl) || 'api', taken),
    display_name: preview.title.trim().slice(0, 80),
    description: firstParagraph(preview.description),
  }
}

const texts = ['base_url', 'name', 'display_name', 'description'] as const
const auth = ['auth_type', 'auth_header_prefix', 'header_name', 'key_place'] as const

/** The form with what a document proposes. What was entered stays; `before`: what the document before it had proposed. */
export function withProposed(
  values: ImportValues,
  proposed: Partial<ImportValues>,
  before: Partial<ImportValues> = {},
): ImportValues {
  const fields = [
    ...texts.filter((field) => values[field] === '' || values[field] === before[field]),
    // A secret was entered for the kind that it is.
    ...(values.token === '' && values.password === '' ? auth : []),
  ]
  return {
    ...values,
    ...Object.fromEntries(fields.flatMap((field) => (field in proposed ? [[field, proposed[field]]] : []))),
  }
}

export function toNewRestIntegration(
  values: ImportValues,
  tools: readonly RestTool[],
  source: NewRestSource | undefined,
): NewRestIntegration {
  const { rest, ...connection } = toRestConnection(values)
  const credentials = toRestCredentials(values)
  return {
    name: values.name.trim(),
    display_name: values.display_name.trim(),
    description: values.description.trim(),
    logo_url: '',
    category: '',
    ...connection,
    rest: { ...rest, tools: [...tools], ...(source ? { source } : {}) },
    ...(credentials ? { credentials } : {}),
    enabled_tools: [],
    disabled_tools: [],
    on_definition_change: 'hold',
  }
}

/** What is wrong with the form, by the contract's own schema. The tools have been checked on their own by then. */
export function importResolver(taken: () => ReadonlySet<string>): Resolver<ImportValues> {
  return (values) => {
    const parsed = NewRestIntegration.safeParse(toNewRestIntegration(values, [], undefined))
    const { fields } = placeRestDetails(parsed.success ? [] : detailsOfIssues(parsed.error.issues), values)
    const name = nameProblem(values.name.trim(), taken())
    const errors = [...restErrors(values), ...fields, ...(name ? [{ field: 'name', message: name }] : [])]
    return errors.length > 0 ? { values: {}, errors: nestErrors<ImportValues>(errors) } : { values, errors: {} }
  }
}

/** Words that every title of an API has. */
const NOISE = /\b(the|api|apis|rest|openapi|swagger|specification|reference|service|v?\d+(\.\d+)*)\b/gi

/** `GitHub v3 REST API` → `github`. */
function slugOfTitle(title: string): string {
  return toSlug(title.replace(NOISE, ' ')) || toSlug(title)
}

/** The rest is for people who read the document itself. */
function firstParagraph(text: string): string {
  const paragraph =
    text
      .trim()
      .split(/\n\s*\n/, 1)[0]
      ?.replace(/\s+/g, ' ') ?? ''
  return paragraph.length > 400 ? `${paragraph.slice(0, 399).trimEnd()}…` : paragraph
}
