import { z } from 'zod'
import {
  EventInput,
  EventType,
  Incident,
  IncidentChanges,
  IncidentCounts,
  IncidentDetail,
  IncidentEvent,
  IncidentFilter,
} from './incidents.ts'
import { ById, operation, page, paging } from './operation.ts'

const Note = { note: IncidentChanges.shape.note }

export const incidents = {
  list: operation
    .route({ method: 'GET', path: '/incidents', summary: 'Incidents, newest first' })
    .input(IncidentFilter.extend(paging(500)))
    .output(page(Incident).extend({ total: z.int().nonnegative(), counts: IncidentCounts })),
  get: operation
    .route({ method: 'GET', path: '/incidents/{id}', summary: 'One incident with its timeline' })
    .input(ById)
    .output(IncidentDetail),
  update: operation
    .route({ method: 'PATCH', path: '/incidents/{id}', summary: 'Change what an incident says, or add a note' })
    .input(IncidentChanges.extend({ id: z.string() }))
    .output(IncidentDetail),
  acknowledge: operation
    .route({ method: 'POST', path: '/incidents/{id}/acknowledge', summary: 'Say that somebody is at it' })
    .input(ById.extend(Note))
    .output(IncidentDetail),
  resolve: operation
    .route({ method: 'POST', path: '/incidents/{id}/resolve', summary: 'Say that it is over' })
    .input(ById.extend(Note))
    .output(IncidentDetail),
}

export const events = {
  list: operation
    .route({ method: 'GET', path: '/events', summary: 'What was told, newest first, with what each rule made of it' })
    .input(z.strictObject({ incident: z.string().optional(), type: EventType.optional(), ...paging(500) }))
    .output(page(IncidentEvent)),
  create: operation
    .route({ method: 'POST', path: '/events', successStatus: 201, summary: 'Tell of something that happened' })
    .input(EventInput)
    .output(IncidentEvent),
}
