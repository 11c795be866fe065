import { z } from 'zod'
import { AuthSettings, AuthType, RestChanges } from '../../../../shared/contract/integrations.ts'
import type { ImportWarning, OpenApiPreview, PreviewTool } from '../../../../shared/contract/openapi.ts'
import { RestTool } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { freeToolName } from '../reimport/free-tool-name.ts'
import { asTool, previewOf } from '../mapping/preview-tool.ts'
import { patchedTool, ToolPatch } from './tool-patch.ts'
import { escapeSegment } from '../json-pointer.ts'

/** Where an export says what OpenAPI has no word for: at the root, and at each operation a `ToolPatch`. */
export const EXTENSION = 'x-gatehouse'

/**
 * What an import takes over of an export beside its operations. Never what decides who hears the credentials (a proxy,
 * authorities, other origins): a document may come from anybody who writes this extension. Where one signs in stands in
 * its security schemes as well.
 */
export const DocumentExtension = z.object({
  version: z.literal(1),
  auth: z.object({ auth_type: AuthType, auth_header_prefix: z.string(), auth: AuthSettings }).optional(),
  connection: RestChanges.pick({
    headers: true,
    timeout_s: true,
    max_concurrency: true,
    retries: true,
    max_answer_kib: true,
  }).optional(),
  /** Tools of which OpenAPI 3.1 has no operation, because of their method. */
  tools: z.array(RestTool).optional(),
  /** Places of what looks like a secret. */
  left_out: z.array(z.string()).optional(),
})
export type DocumentExtension = z.input<typeof DocumentExtension>

/** The preview of a document; where it is an export of ours, of exactly what was exported. */
export function withOwnExtension(root: Readonly<Record<string, unknown>>, preview: OpenApiPreview): OpenApiPreview {
  const given = root[EXTENSION]
  if (!isObject(given)) return preview
  const { data: extension, error } = DocumentExtension.safeParse(given)
  if (extension === undefined) {
    return { ...preview, warnings: [...preview.warnings, unusable(`/${EXTENSION}`, error, null)] }
  }
  const problems: ImportWarning[] = []
  const restored: { label: string; pointer: string }[] = []
  const tools = preview.tools.map((tool) => {
    const place = operationOf(root, tool)
    if (place?.extension === undefined) return tool
    const label = `${place.method} ${place.path}`
    try {
      const after = patchedTool(asTool(tool), ToolPatch.parse(place.extension))
      restored.push({ label, pointer: place.pointer.slice(0, -EXTENSION.length) })
      return previewOf(after)
    } catch (cause) {
      if (!(cause instanceof z.ZodError)) throw cause
      problems.push(unusable(place.pointer, cause, label))
      return tool
    }
  })
  const { auth, connection, tools: others = [], left_out: leftOut = [] } = extension
  const missing: ImportWarning[] = leftOut.map((place) => ({
    message: `${place} was left out of the export, because it looks like a secret. Enter it again.`,
    pointer: `/${EXTENSION}/left_out`,
    operation: null,
  }))
  return {
    ...preview,
    ...(auth && { auth: { ...preview.auth, ...auth }, auth_options: [{ ...preview.auth, ...auth }] }),
    ...(connection && { connection }),
    tools: withOwnNames([...tools, ...others.map(previewOf)]),
    operation_count: preview.operation_count + others.length,
    warnings: [
      // What was said of a tool that is now as it was exported is about the way there.
      ...preview.warnings.filter(
        ({ operation, pointer }) =>
          !restored.some((one) => operation === one.label || pointer.startsWith(one.pointer)) &&
          !(restored.length > 0 && pointer.startsWith('/components/schemas/')),
      ),
      ...problems,
      ...missing,
    ],
  }
}

function operationOf(root: Readonly<Record<string, unknown>>, { operation }: RestTool) {
  if (operation === undefined || !isObject(root.paths)) return undefined
  const { path, method } = operation
  const item = Object.hasOwn(root.paths, path) ? root.paths[path] : undefined
  const found = isObject(item) ? item[method.toLowerCase()] : undefined
  if (!isObject(found)) return undefined
  const pointer = `/paths/${escapeSegment(path)}/${method.toLowerCase()}/${EXTENSION}`
  return { path, method, pointer, extension: found[EXTENSION] }
}

function withOwnNames(tools: readonly PreviewTool[]): PreviewTool[] {
  const taken = new Set<string>()
  return tools.map((tool) => {
    const name = freeToolName(tool.name, taken)
    taken.add(name)
    return name === tool.name ? tool : { ...tool, name }
  })
}

function unusable(pointer: string, error: z.ZodError, operation: string | null): ImportWarning {
  const [issue] = error.issues
  const where = issue === undefined ? '' : ` (${[...issue.path.map(String), issue.message].join(': ')})`
  return { message: `${EXTENSION} is not as Gatehouse writes it${where}; it is left out.`, pointer, operation }
}
