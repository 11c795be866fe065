import type { Api } from '../implementer.ts'
import type { ApiServices } from '../services.ts'

/** A caller that cannot leave. */
const never = () => new AbortController().signal

export function openApiHandlers(
  { openapi: api }: Api,
  { previews, toolDrafts, imports }: Pick<ApiServices, 'previews' | 'toolDrafts' | 'imports'>,
) {
  return {
    preview: api.preview.handler(({ context, input, signal = never() }) =>
      previews.preview(context.workspace, input, signal),
    ),
    preview_tool: api.preview_tool.handler(({ context, input }) => toolDrafts.preview(context.workspace, input)),
    try_tool: api.try_tool.handler(({ context, input, signal = never() }) =>
      toolDrafts.try(context.workspace, input, signal),
    ),
    check: api.check.handler(({ context, input, signal = never() }) => imports.check(context.workspace, input, signal)),
    apply: api.apply.handler(({ context, input, signal = never() }) => imports.apply(context.workspace, input, signal)),
    export: api.export.handler(({ context, input, signal = never() }) =>
      imports.export(context.workspace, input.name, signal),
    ),
  }
}
