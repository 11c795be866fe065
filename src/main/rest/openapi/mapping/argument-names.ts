import { ArgumentName, type ParameterPlace, type RestParameter } from '../../../../shared/contract/rest.ts'
import { BODY_ARGUMENT } from '../../tool-definition.ts'
import { sha256 } from '../schemas/schema-names.ts'

const MAX_LENGTH = 64
/** Who keeps a name that several have: what no request can do without comes first. */
const ORDER: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie', 'body']

/**
 * Gives parameters names that model APIs take, each once: `filter[name]` is `filter_name`, a second `id` is `id_query`.
 * A name depends on nothing but the parameters of its own operation.
 */
export function withArguments(parameters: readonly RestParameter[], hasWholeBody: boolean): RestParameter[] {
  const taken = new Set<string>(hasWholeBody ? [BODY_ARGUMENT] : [])
  const names = new Map<RestParameter, string>()
  const inOrder = [...parameters].sort((one, other) => ORDER.indexOf(one.in) - ORDER.indexOf(other.in))
  const isPlain = ({ name }: RestParameter) => isArgumentName(name)
  for (const parameter of [...inOrder.filter(isPlain), ...inOrder.filter((one) => !isPlain(one))]) {
    const name = freeName(isPlain(parameter) ? parameter.name : readable(parameter.name), parameter.in, taken)
    taken.add(name)
    names.set(parameter, name)
  }
  return parameters.map((parameter) => {
    const name = names.get(parameter)
    if (name === undefined || name === parameter.name) return parameter
    const { name: own, ...rest } = parameter
    return { name: own, argument: name, ...rest }
  })
}

/** Whether two of them have one name. Names that only become the same for a model can be told apart well enough. */
export function namesClash(parameters: readonly Pick<RestParameter, 'name'>[]): boolean {
  return new Set(parameters.map(({ name }) => name)).size < parameters.length
}

function isArgumentName(name: string): boolean {
  return ArgumentName.safeParse(name).success
}

function readable(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '')
  const cleaned = plain === '' ? `field_${sha256(name).slice(0, 6)}` : plain
  return cleaned.length <= MAX_LENGTH ? cleaned : `${cleaned.slice(0, MAX_LENGTH - 9)}_${sha256(name).slice(0, 8)}`
}

function freeName(name: string, place: ParameterPlace, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 1; ; number++) {
    const ending = number === 1 ? `_${place}` : `_${place}_${number}`
    const candidate = name.slice(0, MAX_LENGTH - ending.length) + ending
    if (!taken.has(candidate)) return candidate
  }
}
