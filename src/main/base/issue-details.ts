import type { ErrorDetail } from '../../shared/contract/errors.ts'

/** One finding of a schema, with the members that zod adds to the Standard Schema's two. */
interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  readonly code?: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
  readonly issues?: readonly Issue[]
}

/** A schema's findings as facts about single fields, `mcp.server_url` style, for a person. */
export function issueDetails(issues: readonly Issue[], parent: readonly string[] = []): ErrorDetail[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...(issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))]
    if (issue.code === 'unrecognized_keys' && issue.keys) {
      return issue.keys.map((key) => detail([...path, key], 'There is no such field.'))
    }
    // A key of a record that is not valid (a header name): the finding about the key says it better.
    if (issue.code === 'invalid_key' && issue.issues?.[0]) return [detail(path, issue.issues[0].message)]
    const closest = closestBranch(issue.errors ?? [])
    if (issue.code === 'invalid_union' && closest) return issueDetails(closest, path)
    return [detail(path, issue.message.endsWith('received undefined') ? 'This field is required.' : issue.message)]
  })
}

/** Of the alternatives of a union the one that came nearest; the last of equals, where our schemas put the real one. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.reduce<readonly Issue[] | undefined>(
    (best, branch) => (!best || branch.length <= best.length ? branch : best),
    undefined,
  )
}

function detail(path: readonly string[], message: string): ErrorDetail {
  return { path: path.join('.'), message }
}
