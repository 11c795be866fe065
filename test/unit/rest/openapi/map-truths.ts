import { posix } from 'node:path'
import { parse } from 'yaml'

/**
 * What a document says, found out with as little as will do and nothing of the code that is tested: references followed,
 * parameters of a path merged with those of its operations, media types as they stand.
 */
export interface Truth {
  label: string
  /** `query limit`, those that have to be given with ` !` behind. */
  parameters: string[]
  hasBody: boolean
  /** Media types that the body may have. Undefined: none is named. */
  mediaTypes: string[] | undefined
  /** Properties that can be sent, as far as they stand in plain sight: by way of references and `allOf`. */
  fields: string[]
}

type Json = Record<string, unknown>
interface At {
  file: string
  value: unknown
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'query']
const IGNORED = ['accept', 'content-type', 'authorization']

/** `files`: those beside the document, itself among them where references are relative to its path. */
export function truthsOf(text: string, files: Readonly<Record<string, string>>): Truth[] {
  const path = Object.keys(files).find((name) => files[name] === text) ?? ''
  const parsed = new Map<string, unknown>(Object.entries(files).map(([name, content]) => [name, read(content)]))
  parsed.set(path, read(text))
  const root = object(parsed.get(path))
  const isSwagger = root.swagger !== undefined

  const follow = (at: At, depth = 0): At => {
    const ref = isObject(at.value) ? at.value.$ref : undefined
    if (typeof ref !== 'string' || depth > 20) return at
    const [address = '', fragment = ''] = ref.split('#')
    const file = address === '' ? at.file : posix.join(posix.dirname(at.file), address)
    let value = parsed.get(file)
    for (const step of decodeURIComponent(fragment).split('/').slice(1)) {
      value = object(value)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
    }
    return follow({ file, value }, depth + 1)
  }
  const list = (at: At, key: string): At[] => {
    const { [key]: value } = object(at.value)
    return Array.isArray(value) ? value.map((item: unknown) => follow({ file: at.file, value: item })) : []
  }
  const fieldsOf = (given: At, depth = 0): string[] => {
    const at = follow(given)
    if (depth > 10 || !isObject(at.value)) return []
    const own = Object.entries(object(at.value.properties)).filter(([, property]) => {
      const { readOnly, allOf } = object(property)
      const target = follow({ file: at.file, value: property })
      const isMarked = Array.isArray(allOf) && allOf.some((branch) => object(branch).readOnly === true)
      return readOnly !== true && !isMarked && object(target.value).readOnly !== true
    })
    return [...own.map(([name]) => name), ...list(at, 'allOf').flatMap((branch) => fieldsOf(branch, depth + 1))]
  }

  return Object.entries(object(root.paths)).flatMap(([key, item]): Truth[] => {
    const pathItem = follow({ file: path, value: item })
    const names = Array.from(key.replace(/#.*/, '').matchAll(/\{([^{}]+)\}/g), ([, name = '']) => name)
    return METHODS.filter((method) => isObject(object(pathItem.value)[method])).map((method) => {
      const operation: At = { file: pathItem.file, value: object(pathItem.value)[method] }
      const merged = new Map<string, Json>()
      for (const { value } of [...list(pathItem, 'parameters'), ...list(operation, 'parameters')]) {
        const parameter = object(value)
        merged.set(`${String(parameter.in)} ${String(parameter.name)}`, parameter)
      }
      const parameters = new Set(names.map((name) => `path ${name} !`))
      for (const [id, parameter] of merged) {
        const isIgnored = parameter.in === 'header' && IGNORED.includes(String(parameter.name).toLowerCase())
        if (!['query', 'header', 'cookie'].includes(String(parameter.in)) || isIgnored) continue
        parameters.add(parameter.required === true ? `${id} !` : id)
      }
      const ofBody = [...merged.values()].filter((one) => one.in === 'body' || one.in === 'formData')
      const requestBody = follow({ file: operation.file, value: object(operation.value).requestBody })
      const content = object(object(requestBody.value).content)
      const swaggerBody = ofBody.find((one) => one.in === 'body')
      const schemas = isSwagger
        ? [{ file: path, value: swaggerBody?.schema }]
        : Object.values(content).map((media) => ({ file: requestBody.file, value: object(media).schema }))
      const form = swaggerBody ? [] : ofBody.map((one) => String(one.name))
      return {
        label: `${method.toUpperCase()} ${key}`,
        parameters: [...parameters].sort(),
        hasBody: isSwagger ? ofBody.length > 0 : isObject(requestBody.value),
        mediaTypes: isSwagger ? undefined : Object.keys(content),
        // Of several media types one is sent, so only of a single one it is known which fields have to be there.
        fields: schemas.length === 1 && schemas[0] ? [...new Set([...fieldsOf(schemas[0]), ...form])] : form,
      }
    })
  })
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return parse(text, { merge: true, maxAliasCount: -1, logLevel: 'silent' })
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: unknown): Json {
  return isObject(value) ? value : {}
}
