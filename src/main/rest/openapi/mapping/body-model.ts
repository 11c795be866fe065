import type { JsonSchema, RestParameter } from '../../../../shared/contract/rest.ts'
import type { Writing } from './parameter-style.ts'
import type { ObjectPlace } from './place.ts'

/** A field of a form as it is, apart from its schema: how it is written. */
export interface FieldWriting extends Writing {
  content_type?: string
}

/** What a document says of the body of a request, whichever version it has. */
export interface GivenBody {
  place: ObjectPlace
  contentType: string
  required: boolean
  description: string
  /** Of the whole. */
  schema: JsonSchema
  /** By field, of forms. */
  writing: ReadonlyMap<string, FieldWriting>
  /** Fields that stand alone in the document (`formData` of Swagger 2.0), instead of a schema of the whole. */
  fields?: RestParameter[]
}

/** A body as tools have it: its type with one schema, or with fields among the parameters. */
export interface ToolBody {
  body: {
    content_type: string
    required: boolean
    description: string
    schema?: JsonSchema
  }
  fields: RestParameter[]
}
