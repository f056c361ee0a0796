// The file that the command was given: that it is there, is a file, and may be read.
import { open, stat } from 'node:fs/promises'
import { usageProblem } from '../../command.ts'
import { UploadProblem } from '../problem.ts'

export interface SourceFile {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

export async function findFile(path: string): Promise<SourceFile> {
  try {
    const found = await stat(path)
    if (!found.isFile())
      throw usageProblem(`${path} is ${found.isDirectory() ? 'a folder' : 'not a file'}, not a film.`)
    // Opened, because that asks for all that decides: rights, lists of rights, the disk itself.
    await (await open(path, 'r')).close()
    return { sizeBytes: found.size, modifiedMs: Math.round(found.mtimeMs) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') throw usageProblem(`There is no file ${path}`)
    if (code === 'EACCES' || code === 'EPERM') throw new UploadProblem(`This user may not read ${path}`)
    throw error
  }
}
