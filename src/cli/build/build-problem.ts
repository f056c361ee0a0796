// What went wrong in a build, in one line for a person.

/** Where esbuild stumbled, or which package is missing. */
export function explainBuildError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return 'a package is missing: run npm install'
  const first = error.message.split('\n').find((line) => line.includes(': ERROR: '))
  return first ?? error.message.split('\n')[0] ?? error.name
}
