/** Rows of one statement. With a statement for each row a batch takes a third longer. */
const ROWS = 50

interface Statement {
  run(...values: unknown[]): unknown
}

/** The driver, as far as it is used here. */
interface Driver {
  prepare(text: string): Statement
}

/** Inserts rows of one table, with statements that are prepared once. */
export class RowInserts {
  readonly #driver: Driver
  readonly #table: string
  readonly #statements = new Map<number, Statement>()

  /** `table` is a name of our own: it becomes part of the statement. */
  constructor(driver: Driver, table: string) {
    this.#driver = driver
    this.#table = table
  }

  /** Each row with the values of all columns, in the order of the table's. */
  run(rows: readonly (readonly unknown[])[]): void {
    const whole = rows.length - (rows.length % ROWS)
    for (let from = 0; from < whole; from += ROWS) this.#insert(rows.slice(from, from + ROWS))
    for (let at = whole; at < rows.length; at++) this.#insert(rows.slice(at, at + 1))
  }

  #insert(rows: readonly (readonly unknown[])[]): void {
    let statement = this.#statements.get(rows.length)
    if (statement === undefined) {
      const row = `(${rows[0]?.map(() => '?').join()})`
      statement = this.#driver.prepare(`INSERT INTO ${this.#table} VALUES ${rows.map(() => row).join()}`)
      this.#statements.set(rows.length, statement)
    }
    statement.run(rows.flat())
  }
}
