import { useFormContext, useWatch } from 'react-hook-form'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { countWords } from '../../ui/words.ts'
import { foreignOrigins } from './chosen-tools.ts'
import type { ImportValues } from './import-values.ts'
import { hasOrigin, withOrigin } from './origin-lines.ts'

/** Tools that have a server of their own: credentials only go there where somebody says so, one server at a time. */
export function ForeignOrigins({ tools, baseUrl }: { tools: readonly Pick<RestTool, 'base_url'>[]; baseUrl: string }) {
  const { control, setValue } = useFormContext<ImportValues>()
  const lines = useWatch({ control, name: 'credential_origins' })
  const origins = foreignOrigins(tools, baseUrl)
  if (origins.length === 0) return null
  return (
    <fieldset className="rounded-panel bg-warn-soft px-3 py-2">
      <legend className="sr-only">Other servers</legend>
      <p>Some tools have a server of their own, which does not get the credentials unless you say so.</p>
      {origins.map((origin) => {
        const count = tools.filter(({ base_url: url }) => URL.parse(url ?? '')?.origin === origin).length
        return (
          <label key={origin} className="mt-1 flex items-start gap-2">
            <input
              type="checkbox"
              className="mt-0.5 size-4 flex-none"
              checked={hasOrigin(lines, origin)}
              onChange={(event) =>
                setValue('credential_origins', withOrigin(lines, origin, event.target.checked), { shouldDirty: true })
              }
            />
            <span className="min-w-0 wrap-anywhere">
              Send the credentials to <span className="font-mono text-code">{origin}</span> too (
              {countWords(count, 'tool')})
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
