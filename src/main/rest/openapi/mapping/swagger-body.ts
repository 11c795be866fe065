import { isObject } from '../../../base/is-object.ts'
import { bodyKind } from '../../media-type.ts'
import type { FieldWriting, GivenBody } from './body-model.ts'
import { cleanText } from './clean-text.ts'
import { formField, withHint } from './form-fields.ts'
import { bestMedia, rankOf } from './media-choice.ts'
import type { GivenOperation, GivenParameter } from './operation-parameters.ts'
import { collectionWriting } from './parameter-style.ts'
import { child } from './place.ts'
import type { References } from './references.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'
import { schemaIn, withoutDescription } from './rest-parameter.ts'

const MAX_DESCRIPTION = 1000
const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'

/** The body of an operation of Swagger 2.0: one `body` parameter, or the `formData` parameters together. */
export function swaggerBodyOf(
  references: References,
  converter: SchemaConverter,
  operation: GivenOperation,
  parameters: readonly GivenParameter[],
): GivenBody | null {
  const body = parameters.find((parameter) => parameter.in === 'body')
  const form = parameters.filter((parameter) => parameter.in === 'formData')
  const consumes = consumed(references, operation)
  if (body === undefined) {
    return form.length === 0 ? null : formBody(references, converter, operation, form, consumes)
  }
  if (form.length > 0) {
    const message = 'A request has either a body or form fields, and this one has both; the form fields are left out.'
    references.warnings.add(form[0]?.place ?? body.place, message, operation.label)
  }
  const raw = child(body.place, 'schema')
  const target = isObject(raw.value) && typeof raw.value.$ref === 'string' ? references.find(raw, raw.value.$ref) : raw
  const isList = isObject(target?.value) && target.value.type === 'array'
  const best = bestMedia(consumes, (type) => rankOf(type, isList)) ?? 'application/json'
  // Forms have parameters of their own, so a body is never one.
  const isForm = ['form', 'multipart'].includes(bodyKind(best))
  return {
    place: body.place,
    contentType: isForm || best === '*/*' ? 'application/json' : best,
    required: body.place.value.required === true,
    description: cleanText(body.place.value.description, MAX_DESCRIPTION),
    // Without a schema some have its keywords on the parameter itself.
    schema: converter.convert(raw.value === undefined ? schemaIn(body.place) : raw, 'request'),
    writing: new Map(),
  }
}

function formBody(
  references: References,
  converter: SchemaConverter,
  operation: GivenOperation,
  form: readonly GivenParameter[],
  consumes: readonly string[],
): GivenBody {
  const hasFile = form.some(({ place }) => isObject(place.value) && place.value.type === 'file')
  const isMultipart = hasFile || (consumes.includes(MULTIPART) && !consumes.includes(FORM))
  const fields = form.map(({ place, name }) => {
    const warn = (message: string) => references.warnings.add(place, `Field ${name} ${message}.`, operation.label)
    const converted = converter.convert(schemaIn(place), 'request')
    const opened = converter.opened(converted, 'request')
    const field = isMultipart ? formField(opened, undefined) : { schema: converted, hint: '' }
    const { schema: bare, description } = withoutDescription(field.schema)
    const own = cleanText(place.value.description, MAX_DESCRIPTION)
    return {
      name,
      in: 'body' as const,
      required: place.value.required === true,
      description: withHint(own === '' ? description : own, field.hint),
      schema: bare,
      ...collectionWriting(place.value, 'body', warn),
    }
  })
  return {
    place: form[0]?.place ?? operation.place,
    contentType: isMultipart ? MULTIPART : FORM,
    required: fields.some(({ required }) => required),
    description: '',
    schema: {},
    writing: new Map<string, FieldWriting>(),
    fields,
  }
}

function consumed(references: References, operation: GivenOperation): string[] {
  const own = operation.place.value.consumes ?? references.root.value.consumes
  const types = Array.isArray(own) ? own : [own]
  return types.filter((type) => typeof type === 'string' && type.includes('/')) as string[]
}
