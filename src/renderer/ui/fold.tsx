import { type ReactNode, useState } from 'react'

/** Settings that few need. Opened by an error it stays open: the error may go with the first key that is typed. */
export function Fold({ title, hasError, children }: { title: string; hasError: boolean; children: ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <details open={opened || hasError} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="w-fit font-medium select-none">{title}</summary>
      <div className="mt-4 flex flex-col gap-5">{children}</div>
    </details>
  )
}
