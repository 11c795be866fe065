import { AppError } from '../base/app-error.ts'

/** A file of the registry that can not be read is a broken installation. */
export function brokenFile(path: string, fault: string, cause: unknown): AppError {
  return new AppError('internal', {
    message: `The registry file ${path} is not valid: ${fault} Install Gatehouse again.`,
    cause,
  })
}
