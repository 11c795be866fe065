import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { RestTool } from '../../../shared/contract/rest.ts'
import type { PlacedFile } from './dropped-files.ts'
import type { ImportValues } from './import-values.ts'

/** What another screen gives along: files that were dropped on it, and what its form has by then. */
export interface HandOver {
  files?: PlacedFile[]
  values?: Partial<ImportValues>
  /** Tools that were written by hand already. */
  tools?: readonly RestTool[]
}

/** Files do not fit into an address: what is on its way waits here until the import takes it. */
let onItsWay: HandOver | undefined

/** Goes to the import; nothing that was entered is lost on the way, so leaving asks nothing. */
export function useGoToImport(): (handOver?: HandOver) => void {
  const navigate = useNavigate()
  return (handOver) => {
    onItsWay = handOver
    void navigate({ to: '/integrations/new/openapi', ignoreBlocker: true })
  }
}

/** What was given along, once. */
export function useHandOver(): HandOver | undefined {
  const [taken] = useState(() => onItsWay)
  useEffect(() => {
    onItsWay = undefined
  }, [])
  return taken
}
