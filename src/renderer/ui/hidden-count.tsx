import { focusScreen } from './focus-screen.ts'

/** How many rows are not shown, and the way to see them again. */
export function HiddenCount({ count, by = 'filters', onClear }: { count: number; by?: string; onClear: () => void }) {
  return (
    <>
      {count.toLocaleString('en')} hidden by {by}{' '}
      <button
        type="button"
        className="text-accent underline underline-offset-2"
        onClick={() => {
          onClear()
          // It goes with what it clears: one looks at the list next.
          focusScreen()
        }}
      >
        Clear
      </button>
    </>
  )
}
