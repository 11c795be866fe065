import { ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

/** Floats over the start of a list, and says what there is above the rows in view. */
export function ToStartButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button
      look="primary"
      size="small"
      icon={ArrowUp}
      className="absolute top-2 left-1/2 z-1 -translate-x-1/2 rounded-panel shadow-floating"
      onClick={onClick}
    >
      {children}
    </Button>
  )
}
