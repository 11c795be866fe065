import type { ErrorCode } from '../../../shared/contract/error-table.ts'
import type { ErrorDetail } from '../../../shared/contract/errors.ts'
import type { importTasks } from './import-tasks.ts'

type Tasks = typeof importTasks
export type TaskName = keyof Tasks
export type TaskInput<Name extends TaskName> = Parameters<Tasks[Name]>[0]
export type TaskResult<Name extends TaskName> = ReturnType<Tasks[Name]>

/** What the worker is started with. */
export interface WorkerOrder<Name extends TaskName = TaskName> {
  task: Name
  input: TaskInput<Name>
}

/** The one thing that it answers. */
export type WorkerAnswer<Name extends TaskName = TaskName> =
  | { result: TaskResult<Name> }
  | { refusal: { code: ErrorCode; message: string; details: ErrorDetail[] } }
  | { fault: string }
