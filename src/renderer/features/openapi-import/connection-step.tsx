import { useFormContext, useWatch } from 'react-hook-form'
import { BaseUrlField, RestConnectionFields } from '../rest/rest-connection-fields.tsx'
import { AuthChoice, authValues } from './auth-choice.tsx'
import { ForeignOrigins } from './foreign-origins.tsx'
import { chosenTools, type ImportState } from './import-state.ts'
import type { ImportValues } from './import-values.ts'
import { ServerChoice } from './server-choice.tsx'
import { wholeUrl } from './server-url.ts'

/** How the API is reached, as its document says and as it can be changed. */
export function ConnectionStep({
  state,
  onChange,
}: {
  state: ImportState
  onChange: (changes: Partial<ImportState>) => void
}) {
  const { preview } = state
  const { control, setValue, reset, getValues } = useFormContext<ImportValues>()
  const baseUrl = useWatch({ control, name: 'base_url' })
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Connection">
      <div className="flex max-w-140 flex-col gap-4">
        <ServerChoice
          servers={preview.servers}
          pick={state.server}
          onPick={(server, url) => {
            onChange({ server })
            setValue('base_url', wholeUrl(url, preview.source.url), { shouldDirty: true, shouldValidate: true })
          }}
        />
        <BaseUrlField />
        <ForeignOrigins tools={chosenTools(state)} baseUrl={baseUrl} />
        <div className="h-px bg-line" />
        <AuthChoice
          options={preview.auth_options}
          chosen={state.scheme}
          onChoose={(option) => {
            onChange({ scheme: option.name })
            reset({ ...getValues(), ...authValues(option) }, { keepDefaultValues: true })
          }}
        />
        <RestConnectionFields />
      </div>
    </div>
  )
}
