/** Rows of one statement. With a statement for each row a batch takes a third longer. */
const ROWS = 50

interface Statement {
  run(...values: unknown[]): unknown
}

/** The driver, as far as it is used here. */
interface Driver {
  prepare(text: string): Statement
}

/** Inserts whole rows, with statements that are prepared once. */
export class RowInserts {
  readonly #driver: Driver
  readonly #statements = new Map<string, Statement>()

  constructor(driver: Driver) {
    this.#driver = driver
  }

  /**
   * Each row with the values of all columns, in the order of the table's. `table` is a name of our own: it becomes part of
   * the statement.
   */
  run(table: string, rows: readonly (readonly unknown[])[]): void {
    for (let from = 0, count; from < rows.length; from += count) {
      count = rows.length - from < ROWS ? 1 : ROWS
      this.#insert(table, rows.slice(from, from + count))
    }
  }

  #insert(table: string, rows: readonly (readonly unknown[])[]): void {
    const key = `${table} ${rows.length}`
    let statement = this.#statements.get(key)
    if (statement === undefined) {
      const row = `(${rows[0]?.map(() => '?').join()})`
      statement = this.#driver.prepare(`INSERT INTO ${table} VALUES ${rows.map(() => row).join()}`)
      this.#statements.set(key, statement)
    }
    statement.run(rows.flat())
  }
}
