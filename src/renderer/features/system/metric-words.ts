import type { StoredQuery } from '../../../shared/contract/prometheus.ts'

type Unit = StoredQuery['unit']

export const UNITS: readonly { value: Unit; label: string }[] = [
  { value: 'number', label: 'Number' },
  { value: 'percent', label: 'Percent (0 to 100)' },
  { value: 'ratio', label: 'Ratio (0 to 1)' },
  { value: 'bytes', label: 'Bytes' },
  { value: 'seconds', label: 'Seconds' },
  { value: 'per_second', label: 'Per second' },
]

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, notation: 'compact' })

/** A value as people read it. */
export function valueWords(value: number, unit: Unit): string {
  switch (unit) {
    case 'percent':
      return `${figures.format(value)} %`
    case 'ratio':
      return `${figures.format(value * 100)} %`
    case 'bytes':
      return bytesWords(value)
    case 'seconds':
      return Math.abs(value) < 1 && value !== 0 ? `${figures.format(value * 1000)} ms` : `${figures.format(value)} s`
    case 'per_second':
      return `${figures.format(value)}/s`
    case 'number':
      return figures.format(value)
  }
}

/** What tells a series from the others. */
export function seriesWords(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...others } = labels
  const pairs = Object.entries(others).map(([label, value]) => `${label}=${value}`)
  return [name, pairs.join(', ')].filter((part) => part !== '').join(' ') || 'value'
}

function bytesWords(value: number): string {
  let rest = value
  let step = 0
  while (Math.abs(rest) >= 1024 && step < BYTES.length - 1) {
    rest /= 1024
    step++
  }
  return `${figures.format(rest)} ${BYTES[step] ?? ''}`
}
