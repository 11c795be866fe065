import { createContext, type ReactNode, use } from 'react'
import type { JsonValue } from '../../json/value.ts'
import type { Field } from './field.ts'

/** What every field gets. */
export interface FieldProps<Kind extends Field = Field> {
  field: Kind
  label: string
  pointer: string
  /** Has to be there: emptied, a text stays as an empty one. */
  required: boolean
  /** Of a list: it is there because somebody added it. */
  isItem?: boolean
  problem: string | undefined
}

export interface FieldViewProps extends FieldProps {
  value: JsonValue | undefined
  /** Of the whole form. */
  problems: Problems
}

/** What is wrong with values, by their pointers. */
export type Problems = ReadonlyMap<string, string>

export const noProblems: Problems = new Map()

/** Never changes, so that a field is drawn anew only for what is its own. */
export interface FormActions {
  /** Sets the value at a pointer; undefined takes it away. */
  set: (pointer: string, value: JsonValue | undefined) => void
  /** The control of a field inside another one. */
  draw: (props: FieldViewProps) => ReactNode
}

export const FormContext = createContext<FormActions>({ set: () => undefined, draw: () => null })

export function useForm(): FormActions {
  return use(FormContext)
}
