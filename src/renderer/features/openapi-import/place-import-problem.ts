import type { RestTool } from '../../../shared/contract/rest.ts'
import type { Problem } from '../../stores/problem.ts'
import { placeRestDetails } from '../rest/rest-errors.ts'
import { operationWords } from './chosen-tools.ts'
import type { ImportValues } from './import-values.ts'

/** What the core says against an import: at the fields that it is about, and the rest as a sentence that names the operation. */
export function placeImportProblem(
  failure: Problem,
  values: ImportValues,
  tools: readonly RestTool[],
): { fields: { field: string; message: string }[]; problem: Problem | undefined } {
  if (failure.code === 'name_taken') {
    return {
      fields: [{ field: 'name', message: `${values.name} is already used in this workspace.` }],
      problem: undefined,
    }
  }
  const { fields, rest } = placeRestDetails(failure.details, values)
  if (fields.length > 0 && rest.length === 0) return { fields, problem: undefined }
  const told = rest.map((sentence) =>
    sentence.replace(/^rest\.tools\.(\d+)\./, (whole, index: string) => {
      const tool = tools[Number(index)]
      return tool ? `${operationWords(tool)}: ` : whole
    }),
  )
  return { fields, problem: { ...failure, message: [failure.message, ...told].join(' ') } }
}
