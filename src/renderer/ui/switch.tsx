import type { ComponentPropsWithRef } from 'react'
import { classes } from './classes.ts'

/** A native checkbox that reads as a switch. */
export function Switch({ label, className, ...rest }: ComponentPropsWithRef<'input'> & { label: string }) {
  return <input type="checkbox" role="switch" aria-label={label} {...rest} className={classes('switch', className)} />
}
