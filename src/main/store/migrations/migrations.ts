import type { Migration } from 'kysely/migration'
import { core } from './0001-core.ts'
import { breadth } from './0002-breadth.ts'
import { logos } from './0003-logos.ts'
import { toolPins } from './0004-tool-pins.ts'
import { offers } from './0005-offers.ts'
import { rest } from './0006-rest.ts'
import { incidents } from './0007-incidents.ts'
import { told } from './0008-told.ts'

/** Every migration in order, as modules: a bundle has no folder to read them from. Published ones never change. */
export const migrations: Record<string, Migration> = {
  '0001-core': core,
  '0002-breadth': breadth,
  '0003-logos': logos,
  '0004-tool-pins': toolPins,
  '0005-offers': offers,
  '0006-rest': rest,
  '0007-incidents': incidents,
  '0008-told': told,
}
