import { focusScreen } from './focus-screen.ts'

const STOPS =
  'input:not(:disabled), textarea:not(:disabled), select:not(:disabled), button:not(:disabled), a[href], summary, [tabindex="0"]'

/** Who takes something away may give the focus a place: lists, dialogs and menus do. */
const SETTLE_MS = 30
/** A layer that closes gives the focus back by itself, unless what opened it is gone too. */
const LAYER_SETTLE_MS = 250

interface Held {
  element: HTMLElement
  /** What is around it, from its parent outwards. */
  around: readonly Element[]
  /** Everything that Tab reached then, in its order. */
  stops: readonly HTMLElement[]
}

/**
 * Where a control that has the focus is taken away (a button that did what it says, the last row of a form), a browser gives
 * the focus to nobody: nothing shows where one is, and no key but Tab reaches the screen, not even Escape. Then the control
 * that follows gets it, or the one before, as near as there is one; or the screen, where nothing near is left.
 */
export function keepFocus(screen: HTMLElement): () => void {
  let held: Held | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const isLost = (): boolean => held?.element.isConnected === false && document.activeElement === document.body
  const settle = (): void => {
    if (!held || !isLost()) return
    const stop = nearest(held)
    if (stop) stop.focus()
    else focusScreen()
  }
  const observer = new MutationObserver(() => {
    if (!isLost()) return
    const inLayer = held?.around.find((element) => element.isConnected)?.matches('[data-layers]')
    clearTimeout(timer)
    timer = setTimeout(settle, inLayer ? LAYER_SETTLE_MS : SETTLE_MS)
  })
  const remember = ({ target }: FocusEvent): void => {
    if (target instanceof HTMLElement && target !== screen) held = holdOf(target, screen)
    else held = undefined
  }
  screen.addEventListener('focusin', remember)
  observer.observe(screen, { childList: true, subtree: true })
  return () => {
    clearTimeout(timer)
    observer.disconnect()
    screen.removeEventListener('focusin', remember)
  }
}

function holdOf(element: HTMLElement, screen: HTMLElement): Held {
  const around: Element[] = []
  for (let each = element.parentElement; each !== null; each = each.parentElement) {
    around.push(each)
    if (each === screen) break
  }
  return { element, around, stops: [...screen.querySelectorAll<HTMLElement>(STOPS)] }
}

/** Of what is still there, in the innermost place that is still there. Never in the whole screen: that is not near. */
function nearest({ element, around, stops }: Held): HTMLElement | undefined {
  const at = stops.indexOf(element)
  const inOrder = [...stops.slice(at + 1), ...stops.slice(0, Math.max(at, 0)).reverse()]
  for (const place of around) {
    if (place.matches('main, [data-layers]')) return undefined
    if (!place.isConnected) continue
    const found = inOrder.find((stop) => place.contains(stop) && isUsable(stop))
    if (found) return found
  }
  return undefined
}

function isUsable(stop: HTMLElement): boolean {
  // There is no layout to ask about in tests without a browser.
  return stop.isConnected && (!('checkVisibility' in stop) || stop.checkVisibility())
}
