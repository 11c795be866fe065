import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'

const SAID_FOR_MS = 1_500

/** Copies `text`; the button itself says so for a moment. */
export function CopyButton({ text, children = 'Copy', ...rest }: ButtonProps & { text: string }) {
  const [answer, setAnswer] = useState<'Copied' | 'Copy failed'>()
  useEffect(() => {
    if (!answer) return
    const timer = setTimeout(() => setAnswer(undefined), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [answer])

  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setAnswer('Copied'),
      () => setAnswer('Copy failed'),
    )
  }
  return (
    <Button icon={answer === 'Copied' ? Check : Copy} {...rest} onClick={copy}>
      <span aria-live="polite">{answer ?? children}</span>
    </Button>
  )
}
