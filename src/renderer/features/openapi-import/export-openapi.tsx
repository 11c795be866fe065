import { Download } from 'lucide-react'
import { useState } from 'react'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { saveFile } from '../traffic/export-calls.ts'

/** A REST integration as an OpenAPI document, handed to the person as a file. */
export function ExportOpenApiButton({ name }: { name: string }) {
  const { client } = useConsole()
  const writable = useWritable()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const save = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      const document = await client.openapi.export({ name })
      saveFile(new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' }), `${name}.openapi.json`)
    } catch (cause) {
      setProblem(problemOf(cause))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button icon={Download} busy={busy} blocked={writable ? undefined : 'Reconnecting'} onClick={() => void save()}>
        Export OpenAPI
      </Button>
      <div aria-live="assertive">{problem && <FieldError>{problem.message}</FieldError>}</div>
    </>
  )
}
