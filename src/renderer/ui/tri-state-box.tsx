import { type ComponentPropsWithRef, useEffect, useRef } from 'react'

/** A native checkbox for several things at once: some of them are on. */
export function TriStateBox({
  share,
  ...input
}: Omit<ComponentPropsWithRef<'input'>, 'type' | 'checked' | 'ref'> & { share: 'all' | 'some' | 'none' }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = share === 'some'
  }, [share])
  return <input {...input} ref={box} type="checkbox" checked={share === 'all'} className="size-4" />
}
