import type { RestChanges } from '../../shared/contract/integrations.ts'

/** How a REST API is reached: the settings of its integration, without what the settings hold beside that. */
export type RestPlace = Omit<RestChanges, 'tools' | 'source'>
