import { useEffect, useRef, useState } from 'react'

const CONTROLS = 'input, textarea, select, button, [tabindex="0"]'

/**
 * Moves to the first control that is at fault once the fault is drawn: it may be out of view, and it is the one that has to
 * be mended. A group that is at fault is marked by `data-fault`, and gets the focus on its first control.
 */
export function useFaultFocus<Place extends HTMLElement>() {
  const place = useRef<Place>(null)
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (asked === 0) return
    const fault = place.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault]')
    const control = fault?.matches(CONTROLS) ? fault : fault?.querySelector<HTMLElement>(CONTROLS)
    if (control) control.focus()
    else fault?.scrollIntoView({ block: 'center' })
  }, [asked])
  return { place, showFault: () => setAsked((before) => before + 1) }
}
