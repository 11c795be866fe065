import { useState } from 'react'
import type { PlacedFile } from './dropped-files.ts'
import { documentsAmong, readSpecTexts, type Spec, specOf, type SpecText } from './spec-files.ts'

interface Choice {
  texts: SpecText[]
  documents: SpecText[]
}

/**
 * From files that were dropped to one document. Where several describe an API somebody has to say which one is meant:
 * `choice` has them until `choose` is called.
 */
export function useSpecFiles(onSpec: (spec: Spec) => void) {
  const [problem, setProblem] = useState<string>()
  const [choice, setChoice] = useState<Choice>()
  const forget = (): void => {
    setProblem(undefined)
    setChoice(undefined)
  }
  const take = async (files: readonly PlacedFile[]): Promise<void> => {
    forget()
    try {
      const texts = await readSpecTexts(files)
      const documents = documentsAmong(texts)
      const [first, second] = documents
      if (first && second) setChoice({ texts, documents })
      else if (first) onSpec(specOf(first, texts))
      else setProblem(noDocument(texts))
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
    }
  }
  return {
    problem,
    documents: choice?.documents,
    take,
    fail: setProblem,
    forget,
    choose: (document: SpecText): void => {
      if (choice) onSpec(specOf(document, choice.texts))
      forget()
    },
  }
}

function noDocument(texts: readonly SpecText[]): string {
  const count = texts.length.toLocaleString('en')
  return `None of these ${count} files is an OpenAPI or Swagger document: none of them has openapi or swagger at its top.`
}
