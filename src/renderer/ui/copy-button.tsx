import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'

const SAID_FOR_MS = 1_500

export interface CopyButtonProps extends ButtonProps {
  /** A function: made when it is asked for. */
  text: string | (() => string)
  bare?: boolean
}

/** Copies `text`; the button itself says so for a moment. `bare`: words alone, where there is little room. */
export function CopyButton({ text, bare, children = 'Copy', ...rest }: CopyButtonProps) {
  const [answer, setAnswer] = useState<'Copied' | 'Copy failed'>()
  useEffect(() => {
    if (!answer) return
    const timer = setTimeout(() => setAnswer(undefined), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [answer])

  const copy = (): void => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setAnswer('Copied'),
      () => setAnswer('Copy failed'),
    )
  }
  return (
    <Button {...(bare ? {} : { icon: answer === 'Copied' ? Check : Copy })} {...rest} onClick={copy}>
      <span aria-live="polite">{answer ?? children}</span>
    </Button>
  )
}
