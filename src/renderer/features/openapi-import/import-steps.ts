/** The steps of an import in their order; into an integration that is there, its connection is not asked for again. */
export const stepLabels = {
  source: 'Source',
  operations: 'Operations',
  connection: 'Connection',
  review: 'Review',
} as const

export type Step = keyof typeof stepLabels

export function stepsOf(intoExisting: boolean): readonly Step[] {
  return intoExisting ? ['source', 'operations', 'review'] : ['source', 'operations', 'connection', 'review']
}

/** What an address says of the step. Without a document there is only the first. */
export function readStep(text: string | undefined, steps: readonly Step[], hasDocument: boolean): Step {
  return steps.find((step) => hasDocument && step === text) ?? 'source'
}
