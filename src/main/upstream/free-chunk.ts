/**
 * Gives the memory of a chunk back now. Left to the garbage collector, tens of megabytes of a flood pile up before it
 * runs, and then it runs for all of them. Only for a part that is a whole chunk: nobody else has a view of it.
 */
export function freeChunk(part: Buffer): void {
  const memory = part.buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer } // from Node 21 on
  if (part.length === memory.byteLength) memory.transfer?.(0)
}
