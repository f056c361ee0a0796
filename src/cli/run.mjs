// Every command enters here: plain JavaScript, so that an old Node gets a sentence instead of a syntax error.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [name = '', ...args] = process.argv.slice(2)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `lynxgate needs Node 22.18 or newer and found ${process.versions.node}. ` +
      'npm install brings its own: run this through npm, as in "npm start".',
  )
  process.exitCode = 1
} else if (!/^[a-z-]+$/.test(name) || !existsSync(new URL(`${name}/${name}.ts`, import.meta.url))) {
  console.error('Which command? See the scripts in package.json.')
  process.exitCode = 2
} else {
  // What was compiled once need not be again: half of the time in which a command starts.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)))
  process.argv.splice(1, 2, name)
  process.argv.length = 2
  process.argv.push(...args)
  await import(`./${name}/${name}.ts`)
}
