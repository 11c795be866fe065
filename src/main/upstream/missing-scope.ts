/** A token without a scope that one request needs, as the cause of the error that people see. Other requests go on. */
export class MissingScope extends Error {
  override readonly name = 'MissingScope'
}
