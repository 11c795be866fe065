import { useNow } from '../../ui/use-now.ts'
import { processWords } from './process-words.ts'
import { useProcess } from './use-process.ts'

/** The process of a stdio server in figures. */
export function ProcessLine({ name }: { name: string }) {
  const usage = useProcess(name, true)
  const now = useNow(1_000)
  if (usage === undefined) return null
  if (usage === null) return <span className="text-muted">No process is running.</span>
  return (
    <span className="flex flex-wrap gap-x-3 text-muted tabular-nums" aria-label="Process">
      {processWords(usage, now).map((words) => (
        <span key={words}>{words}</span>
      ))}
    </span>
  )
}
