// How often a function looks at the characters of a text: steps instead of time, so that what is quadratic shows on any
// machine, and on a busy one nothing else does.

/** The characters that string methods and regular expressions passed over while `act` ran, backtracking left out. */
export function countLooks(act: () => void): number {
  let looks = 0
  const restore = [
    replace(
      String.prototype,
      'charCodeAt',
      (real) =>
        function (this: string, ...args) {
          looks += 1
          return real.apply(this, args)
        },
    ),
    replace(
      String.prototype,
      'indexOf',
      (real) =>
        function (this: string, search, from = 0) {
          const found = real.call(this, search, from)
          looks += Math.max(1, (found === -1 ? this.length : found) - from)
          return found
        },
    ),
    replace(
      RegExp.prototype,
      'exec',
      (real) =>
        function (this: RegExp, text) {
          const from = this.global || this.sticky ? this.lastIndex : 0
          const match = real.call(this, text)
          const isHere = this.sticky && match === null
          looks += isHere ? 1 : Math.max(1, (match === null ? text.length : match.index + match[0].length) - from)
          return match
        },
    ),
    replace(
      String.prototype,
      'slice',
      (real) =>
        function (this: string, ...args) {
          const part = real.apply(this, args)
          looks += 1 + part.length
          return part
        },
    ),
  ]
  try {
    act()
    return looks
  } finally {
    for (const back of restore) back()
  }
}

function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  wrap: (real: Owner[Name]) => Owner[Name],
): () => void {
  const real = owner[name]
  owner[name] = wrap(real)
  return () => void (owner[name] = real)
}
