import { ForeignOrigins } from './foreign-origins.tsx'
import type { ImportState } from './import-state.ts'
import { chosenTools } from './import-state.ts'

/** The document names another server than the integration: where its tools are called. */
export function OwnServerChoice({
  state,
  ownServer,
  baseUrl,
  onChange,
}: {
  state: ImportState
  ownServer: string
  baseUrl: string
  onChange: (own: boolean) => void
}) {
  const tools = chosenTools(state).map(({ base_url: url }) => ({
    base_url: url ?? (state.ownServer ? ownServer : baseUrl),
  }))
  return (
    <div className="flex flex-col gap-3">
      <fieldset>
        <legend className="mb-1 font-medium">The document names another server. Its tools are called at</legend>
        {[
          { own: true, url: ownServer, words: 'as the document says' },
          { own: false, url: baseUrl, words: 'as all tools of this integration' },
        ].map(({ own, url, words }) => (
          <label key={words} className="flex items-start gap-2 py-0.5">
            <input
              type="radio"
              name="own-server"
              className="mt-1 size-3.5 flex-none"
              checked={own === state.ownServer}
              onChange={() => onChange(own)}
            />
            <span className="min-w-0 wrap-anywhere">
              <span className="font-mono text-code">{url}</span> <span className="text-muted">{words}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <ForeignOrigins tools={tools} baseUrl={baseUrl} />
    </div>
  )
}
