import { useEffect, useRef, useState } from 'react'

const CONTROLS = 'input:not([type=hidden]), textarea, select, button, [tabindex="0"]'

/**
 * Moves to the first control that is at fault once the fault is drawn: it may be out of view, and it is the one that has to
 * be mended. A group that is at fault gets it on its first control.
 */
export function useFaultFocus<Place extends HTMLElement>() {
  const place = useRef<Place>(null)
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (asked === 0) return
    const fault = place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    const control = fault?.matches(CONTROLS) ? fault : fault?.querySelector<HTMLElement>(CONTROLS)
    control?.focus()
  }, [asked])
  return { place, showFault: () => setAsked((before) => before + 1) }
}
