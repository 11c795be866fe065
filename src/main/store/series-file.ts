import type { Database } from './database.ts'
import { openExpendable, type ExpendableFileOptions } from './expendable-file.ts'
import { seriesMigrations } from './migrations/series.ts'
import type { SeriesSchema } from './series-schema.ts'

export async function openSeries(file: string, options: ExpendableFileOptions): Promise<Database<SeriesSchema>> {
  return await openExpendable(file, 'file of time series', seriesMigrations, options)
}
