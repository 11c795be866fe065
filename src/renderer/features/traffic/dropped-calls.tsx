import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useConsole, useSystem } from '../../stores/console.tsx'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'
import { countWords } from '../../ui/words.ts'

const REFRESH_MS = 10_000

/** Says that the log has holes: a full disk stops no call, but it stops the record of them. */
export function DroppedCalls() {
  const { client } = useConsole()
  const atFirst = useSystem(({ status }) => status?.dropped_calls ?? 0)
  const [since, setSince] = useState(0)
  useVisibleInterval(() => {
    // What is wrong with the gateway the shell says.
    client.system.status().then(
      ({ dropped_calls }) => setSince(dropped_calls),
      () => undefined,
    )
  }, REFRESH_MS)
  const dropped = Math.max(atFirst, since)
  if (dropped === 0) return null
  return (
    <p role="status" className="mx-6 mb-2 flex flex-none items-center gap-2 rounded-control bg-warn-soft px-3 py-1.5">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none text-warn" />
      {countWords(dropped, 'call')} since the start could not be written to the log. Make room on the disk of the data
      folder; calls themselves go on.
    </p>
  )
}
