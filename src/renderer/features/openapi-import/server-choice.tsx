import { useId } from 'react'
import type { PreviewServer } from '../../../shared/contract/openapi.ts'
import { controlLook, TextField } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { isWhole, serverUrl } from './server-url.ts'

/** Which server of the document is chosen, and what was entered for its variables. */
export interface ServerPick {
  index: number
  values: Readonly<Record<string, string>>
}

/** The servers that the document names, each with its variables. What is chosen becomes the base URL, which can be edited. */
export function ServerChoice({
  servers,
  pick: { index: chosen, values },
  onPick,
}: {
  servers: readonly PreviewServer[]
  pick: ServerPick
  onPick: (pick: ServerPick, url: string) => void
}) {
  const id = useId()
  const server = servers[chosen]
  if (!server || (servers.length === 1 && server.variables.length === 0)) return null
  const choose = (index: number): void => {
    const next = servers[index]
    if (next) onPick({ index, values: {} }, next.variables.length > 0 ? serverUrl(next, {}) : next.url)
  }
  const setVariable = (name: string, value: string): void => {
    const next = { ...values, [name]: value }
    onPick({ index: chosen, values: next }, serverUrl(server, next))
  }
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 font-medium">Server</legend>
      {servers.length > 1 && (
        <div role="radiogroup" aria-label="Server" className="flex max-h-48 flex-col gap-1 overflow-y-auto">
          {servers.map(({ url, template, description }, index) => (
            <label key={`${index} ${template}`} className="flex items-start gap-2 py-0.5">
              <input
                type="radio"
                name={id}
                checked={index === chosen}
                onChange={() => choose(index)}
                className="mt-1 size-3.5 flex-none"
              />
              <span className="min-w-0 wrap-anywhere">
                <span className="font-mono text-code">{template || url}</span>{' '}
                <ForeignText className="text-muted">{description}</ForeignText>
              </span>
            </label>
          ))}
        </div>
      )}
      {server.variables.length > 0 && (
        <div className="grid grid-cols-2 items-start gap-3">
          {server.variables.map((variable) =>
            variable.enum.length > 0 ? (
              <div key={variable.name}>
                <label htmlFor={`${id}${variable.name}`} className="mb-1 block font-medium">
                  {variable.name}
                </label>
                <select
                  id={`${id}${variable.name}`}
                  value={values[variable.name] ?? variable.default}
                  onChange={(event) => setVariable(variable.name, event.target.value)}
                  className={`${controlLook} h-8 border-line-strong font-mono text-code`}
                >
                  {[...new Set([variable.default, ...variable.enum])].map((value) => (
                    <option key={value}>{value}</option>
                  ))}
                </select>
                {variable.description !== '' && (
                  <p className="mt-1 text-meta text-muted wrap-anywhere">{variable.description}</p>
                )}
              </div>
            ) : (
              <TextField
                key={variable.name}
                label={variable.name}
                mono
                value={values[variable.name] ?? variable.default}
                hint={variable.description === '' ? undefined : variable.description}
                onChange={(event) => setVariable(variable.name, event.target.value)}
              />
            ),
          )}
        </div>
      )}
      {!isWhole(server.url) && server.url !== '' && (
        <p className="text-meta text-muted">
          The document names only <code className="font-mono">{server.url}</code>, without a host. Enter the whole URL.
        </p>
      )}
    </fieldset>
  )
}
